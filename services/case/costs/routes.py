"""HTTP about what agencies spent."""

from fastapi import APIRouter, Response

from services.case.costs import operations
from shared.ids import id_or_nowhere
from shared.records.costs import ServiceCostFields
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(prefix="/cases/{case}/costs", route_class=StrictRoute)


@router.post("")
async def record_cost(parts: ServiceParts, write: Write, case: str, body: ServiceCostFields) -> Response:
    return created(await parts.write_once(write, operations.record_cost, id_or_nowhere(case), body))
