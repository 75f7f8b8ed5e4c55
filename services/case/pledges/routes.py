"""HTTP about pledges."""

from fastapi import APIRouter, Response

from services.case.pledges import operations
from shared.ids import id_or_nowhere
from shared.records.compact import CommitmentStanding
from shared.service import ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/pledges", route_class=StrictRoute)


@router.post("/{pledge}/standing")
async def say_what_became(
    parts: ServiceParts, write: Write, case: str, pledge: str, body: CommitmentStanding
) -> Response:
    case, pledge = id_or_nowhere(case), id_or_nowhere(pledge)
    return json_response(await parts.write_once(write, operations.say_what_became, case, pledge, body))
