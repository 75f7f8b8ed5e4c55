"""The partnership: its agencies, the agreements between them, and users who leave or are suspended."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from services.gateway.disclose import part_unavailable, release
from services.gateway.guards import InformationOfficer, MayEndAccess, SignedIn
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.schemas.views import AgenciesView, AgreementsView, Done, SuspensionsView
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.records.agencies import NewAgency, NewAgreement
from shared.records.base import Line, Record, UserId
from shared.records.cases import Departure
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["partnership"])
User = Annotated[UserId, Path()]


class SuspensionReason(Record):
    """Why a user's access begins again."""

    reason: Line


class UserSuspension(Record):
    """Why a user's access ends; ``name``: what they are called, for whoever reads of it later."""

    reason: Line
    name: Line | None = None


class DepartureReason(Record):
    """Why somebody no longer works for the acting agency."""

    reason: Line


@router.get("/agencies", response_model=AgenciesView)
async def list_agencies(acting: SignedIn, parts: Parts, asked: AskedPage) -> Response:
    """The agencies of the partnership, with kind and telephone."""
    page = asked.of(parts, acting, "agencies")
    try:
        listed = await parts.upstreams.read("consent", "/agencies", acting)
    except Unreachable:
        raise part_unavailable() from None
    shown, footer = page.cut(listed, by("code"))
    return json_response({"agencies": shown, **footer})


@router.post("/agencies", status_code=201, response_model=Done)
async def add_agency(acting: InformationOfficer, parts: Parts, new: NewAgency) -> Response:
    """Add an agency to the partnership; for the officers of the partnership."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADD_AGENCY))
    content = new.model_dump(mode="json")
    outcome = await parts.upstreams.write("consent", "POST", "/agencies", acting, content)
    return created(outcome, "/v1/agencies")


@router.get("/agreements", response_model=AgreementsView)
async def list_agreements(acting: InformationOfficer, parts: Parts, asked: AskedPage) -> Response:
    """Every agreement, with its rows and dates; for officers whose access is in force."""
    page = asked.of(parts, acting, "agreements")
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_AGREEMENTS))
    try:
        listed = await parts.upstreams.read("consent", "/agreements", acting)
    except Unreachable:
        raise part_unavailable() from None
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    return json_response({"agreements": shown, **footer})


@router.post("/agreements", status_code=201, response_model=Done)
async def record_agreement(acting: InformationOfficer, parts: Parts, new: NewAgreement) -> Response:
    """Record an agreement by which the acting agency's information is shared."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_AGREEMENTS))
    content = new.model_dump(mode="json")
    outcome = await parts.upstreams.write("consent", "POST", "/agreements", acting, content)
    return created(outcome, "/v1/agreements")


@router.post("/agreements/{agreement}/ending", response_model=Done)
async def end_agreement(agreement: str, acting: InformationOfficer, parts: Parts) -> Response:
    """End an agreement. From ``enforced_at`` on it permits nothing."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_AGREEMENTS))
    path = f"/agreements/{id_or_nowhere(agreement)}/ending"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting))


@router.get("/suspensions", response_model=SuspensionsView)
async def list_suspensions(acting: InformationOfficer, parts: Parts, asked: AskedPage) -> Response:
    """Whose access the officer's own office ended, and did not give back; the newest first."""
    page = asked.of(parts, acting, "suspensions")
    try:
        found = holding(await parts.upstreams.read("consent", "/suspensions", acting), "suspensions")
    except Unreachable:
        raise part_unavailable() from None
    answer = await parts.disclosure.permit(acting, DeedAsk(deed=Deed.SUSPEND_USER), LedgerAction.LIST)
    shown, footer = page.cut(found["suspensions"], by("suspended_at", "user"), newest_first=True)
    content = {"suspensions": shown, **footer, "decision": decision_card(answer, acting.purpose)}
    return release(acting, content)


@router.post("/users/{user:path}/suspension", status_code=201, response_model=Done)
async def suspend_user(
    user: User, acting: InformationOfficer, parts: Parts, body: UserSuspension
) -> Response:
    """End what a user may see for the acting agency, in every role, at once; an officer of the partnership
    ends it for every agency."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.SUSPEND_USER))
    content = {"user": user, "reason": body.reason, "name": body.name}
    outcome = await parts.upstreams.write("consent", "POST", "/suspensions", acting, content)
    # The case service does not know who is suspended. It keeps nothing of it but that those are told who
    # would miss a lead, once for this suspension; a request that fails here is sent again and told then.
    absence = {"agency": outcome["for_agency"], "occasion": outcome["suspension"]}
    afresh = replace(acting, deadline=acting.deadline.anew())
    path = f"/users/{quote(user, safe='')}/absence"
    await parts.upstreams.write("case", "POST", path, afresh, absence)
    done = {"user": outcome["user"], "enforced_at": outcome["enforced_at"]}
    return created(done, f"/v1/users/{quote(user, safe='')}/suspension")


@router.post("/users/{user:path}/suspension/lifting", response_model=Done)
async def lift_suspension(
    user: User, acting: InformationOfficer, parts: Parts, body: SuspensionReason
) -> Response:
    """Let a user in again whom an officer of the acting agency (or of the partnership) suspended."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.LIFT_SUSPENSION))
    content = {"user": user, "reason": body.reason}
    outcome = await parts.upstreams.write("consent", "POST", "/suspensions/lifting", acting, content)
    # As above: who was told of the suspension need not look any more.
    path = f"/users/{quote(user, safe='')}/absence/ending"
    await parts.upstreams.write("case", "POST", path, acting, {"occasions": outcome["suspensions"]})
    return json_response({"user": outcome["user"]})


@router.post("/users/{user:path}/departure", response_model=Done)
async def record_departure(user: User, acting: MayEndAccess, parts: Parts, body: DepartureReason) -> Response:
    """Somebody left the acting agency: every place on a team that they held for it ends, and with it access.

    Answers when that is enforced (``enforced_at``), with those of the cases now without a lead professional
    that the caller may still see. What the user does for another agency goes on.
    """
    agency = acting.caller.agency
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.RECORD_DEPARTURE, target_agency=agency))
    departure = Departure(agency=agency, reason=body.reason).model_dump(mode="json")
    path = f"/users/{quote(user, safe='')}/departure"
    outcome = await parts.upstreams.write("case", "POST", path, acting, departure)
    # The ending waited D, so what is read now is a request of its own, with a deadline of its own.
    afresh = replace(acting, deadline=acting.deadline.anew())
    seen = await parts.disclosure.see_cases(outcome["cases_without_lead"], afresh, LedgerAction.LIST)
    gaps = [one.bundle["case"]["id"] for one in seen if one is not None]
    content = {"user": user, "cases_without_lead": gaps, "enforced_at": outcome["enforced_at"]}
    return release(afresh, content)
