"""HTTP about small concerns."""

from fastapi import APIRouter, Response

from services.case.small_concerns import operations
from shared.ids import id_or_nowhere
from shared.records.small_concerns import NewSmallConcern
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(prefix="/people/{person}/small-concerns", route_class=StrictRoute)


@router.post("")
async def record_small_concern(
    parts: ServiceParts, write: Write, person: str, body: NewSmallConcern
) -> Response:
    recorded = operations.record_small_concern
    return created(await parts.write_once(write, recorded, id_or_nowhere(person), body, parts.extra))
