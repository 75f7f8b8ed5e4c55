"""HTTP about teams."""

from fastapi import APIRouter, Response

from services.case.team import operations
from shared.ids import id_or_nowhere
from shared.records.cases import Departure, MembershipEnding, MemberToStore
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/team")
async def add_member(parts: ServiceParts, write: Write, case: str, body: MemberToStore) -> Response:
    return created(await parts.write_once(write, operations.add_member, id_or_nowhere(case), body))


@router.post("/cases/{case}/team/{member}/ending")
async def end_membership(
    parts: ServiceParts, write: Write, case: str, member: str, body: MembershipEnding
) -> Response:
    case, member = id_or_nowhere(case), id_or_nowhere(member)
    return created(await parts.take_away(write, operations.end_membership, case, member, body))


@router.post("/users/{user:path}/departure")
async def depart(parts: ServiceParts, write: Write, user: str, body: Departure) -> Response:
    return created(await parts.take_away(write, operations.depart, user, body))
