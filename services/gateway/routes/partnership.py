"""The partnership: its agencies, the agreements between them, and users who leave or are suspended."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.gateway.disclose import part_unavailable
from services.gateway.guards import InformationOfficer, SignedIn
from services.gateway.parts import Parts, created
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.records.agencies import NewAgency, NewAgreement
from shared.records.base import Line, Record, UserId
from shared.upstream import Unreachable
from shared.vocabulary import Deed
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, tags=["partnership"])
User = Annotated[UserId, Path()]


class SuspensionReason(Record):
    """Why a user's access ends."""

    reason: Line


@router.get("/agencies")
async def list_agencies(acting: SignedIn, parts: Parts) -> Response:
    """The agencies of the partnership, with kind and telephone."""
    try:
        return json_response({"agencies": await parts.upstreams.read("consent", "/agencies", acting)})
    except Unreachable:
        raise part_unavailable() from None


@router.post("/agencies", status_code=201)
async def add_agency(acting: InformationOfficer, parts: Parts, new: NewAgency) -> Response:
    """Add an agency to the partnership."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_AGREEMENTS))
    content = new.model_dump(mode="json")
    outcome = await parts.upstreams.write("consent", "POST", "/agencies", acting, content)
    return created(outcome, "/v1/agencies")


@router.get("/agreements")
async def list_agreements(acting: InformationOfficer, parts: Parts) -> Response:
    """Every agreement, with its rows and dates."""
    try:
        return json_response({"agreements": await parts.upstreams.read("consent", "/agreements", acting)})
    except Unreachable:
        raise part_unavailable() from None


@router.post("/agreements", status_code=201)
async def record_agreement(acting: InformationOfficer, parts: Parts, new: NewAgreement) -> Response:
    """Record an agreement by which the acting agency's information is shared."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_AGREEMENTS))
    content = new.model_dump(mode="json")
    outcome = await parts.upstreams.write("consent", "POST", "/agreements", acting, content)
    return created(outcome, "/v1/agreements")


@router.post("/agreements/{agreement}/ending")
async def end_agreement(agreement: str, acting: InformationOfficer, parts: Parts) -> Response:
    """End an agreement. From ``enforced_at`` on it permits nothing."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_AGREEMENTS))
    path = f"/agreements/{id_or_nowhere(agreement)}/ending"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting))


@router.post("/users/{user}/suspension", status_code=201)
async def suspend_user(
    user: User, acting: InformationOfficer, parts: Parts, body: SuspensionReason
) -> Response:
    """End everything that a user may see, in every role, at once."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_AGREEMENTS))
    content = {"user": user, "reason": body.reason}
    outcome = await parts.upstreams.write("consent", "POST", "/suspensions", acting, content)
    return created(outcome, f"/v1/users/{user}/suspension")
