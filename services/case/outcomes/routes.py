"""HTTP about outcomes."""

from fastapi import APIRouter, Response

from services.case.outcomes import operations
from shared.ids import id_or_nowhere
from shared.records.outcomes import LaterValue, NewOutcomeMeasure
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(prefix="/cases/{case}/outcomes", route_class=StrictRoute)


@router.post("")
async def begin(parts: ServiceParts, write: Write, case: str, body: NewOutcomeMeasure) -> Response:
    return created(await parts.write_once(write, operations.begin, id_or_nowhere(case), body))


@router.post("/{measure}/values")
async def add_value(parts: ServiceParts, write: Write, case: str, measure: str, body: LaterValue) -> Response:
    case, measure = id_or_nowhere(case), id_or_nowhere(measure)
    return created(await parts.write_once(write, operations.add_value, case, measure, body))
