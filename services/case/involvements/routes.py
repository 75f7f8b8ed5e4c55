"""HTTP about who works with whom."""

from fastapi import APIRouter, Response

from services.case.involvements import operations
from shared.ids import id_or_nowhere
from shared.records.involvements import InvolvementEnding, NewInvolvement
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/people/{person}/involvements", route_class=StrictRoute)


@router.post("")
async def record(parts: ServiceParts, write: Write, person: str, body: NewInvolvement) -> Response:
    return created(await parts.write_once(write, operations.record, id_or_nowhere(person), body))


@router.post("/{entry}/ending")
async def end(
    parts: ServiceParts, write: Write, person: str, entry: str, body: InvolvementEnding
) -> Response:
    person, entry = id_or_nowhere(person), id_or_nowhere(entry)
    return json_response(await parts.write_once(write, operations.end, person, entry, body))
