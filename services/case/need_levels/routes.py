"""HTTP about levels of need."""

from fastapi import APIRouter, Response

from services.case.need_levels import operations
from shared.ids import id_or_nowhere
from shared.records.need_levels import NewNeedLevel
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(prefix="/cases/{case}/need-levels", route_class=StrictRoute)


@router.post("")
async def record_need_level(parts: ServiceParts, write: Write, case: str, body: NewNeedLevel) -> Response:
    recorded = operations.record_need_level
    return created(await parts.write_once(write, recorded, id_or_nowhere(case), body, parts.extra))
