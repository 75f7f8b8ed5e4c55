"""The lead professional: nominated, accepted by the nominee, handed over without a gap; who stands in."""

from fastapi import APIRouter, Response

from services.gateway.deeds import (
    accept_nomination,
    deed,
    object_to_nomination,
    put_in_charge,
    refuse_nomination,
    take_nomination_back,
)
from services.gateway.disclose import DeedOf, Seen, part_unavailable, release
from services.gateway.guards import Acting, MayDoCasework, MayReadCases, MayReadEntries, TeamManager
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.views import DeputiesView, Done, LeadView, NominationView, NomineesView
from services.gateway.upstreams import holding
from services.gateway.views import deputies_view, lead_view, nomination_view, nominees_view
from shared.ids import id_or_nowhere
from shared.problems import conflict, not_found
from shared.records.cases import (
    CaseWeight,
    NewDeputy,
    NewNomination,
    NominationObjection,
    NominationRefusal,
)
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Role
from shared.web import StrictRoute, json_response

router = APIRouter(
    route_class=StrictRoute, prefix="/v1/cases/{case}/lead-professional", tags=["lead professional"]
)


@router.get("", response_model=LeadView)
async def read_lead(case: str, acting: MayReadEntries, parts: Parts) -> Response:
    """Who is in charge, who stands in, who was, and who is asked to be."""
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free="staff")
    return release(acting, lead_view(seen, acting.purpose, parts.notice))


@router.post("/nominations", status_code=201, response_model=Done)
async def nominate(case: str, acting: MayDoCasework, parts: Parts, new: NewNomination) -> Response:
    """Ask a team member to lead, for the team or for a panel. With a lead in place this is a handover,
    complete when it is accepted."""
    return await _nominate(await _may_nominate(parts, acting, case, new), case, acting, parts, new)


@router.post("/handovers", status_code=201, response_model=Done)
async def hand_over(case: str, acting: MayDoCasework, parts: Parts, new: NewNomination) -> Response:
    """Hand a case over to another member of the team. Who leads now stays in charge until it is accepted."""
    seen = await _may_nominate(parts, acting, case, new)
    if seen.bundle["lead"] is None:
        raise conflict("Nobody leads this case, so there is nothing to hand over. Nominate somebody.")
    return await _nominate(seen, case, acting, parts, new)


@router.get("/nominees", response_model=NomineesView)
async def read_nominees(case: str, acting: MayReadCases, parts: Parts) -> Response:
    """Before somebody is asked: who of the team may be, how much each of them leads and may, and what this
    case weighs. For whoever may nominate, who is told it afterwards too; a co-ordinator for a panel."""
    path = f"/cases/{id_or_nowhere(case)}/nominees"
    # Gathered before the decision, like everything that may be shown.
    try:
        loads = holding(await parts.upstreams.read("case", path, acting), "weight", "members")
    except Unreachable:
        raise part_unavailable() from None
    for_panel = acting.caller.role == Role.COORDINATOR
    wanted = deed(Deed.NOMINATE_FOR_PANEL if for_panel else Deed.NOMINATE_LEAD)
    seen = await parts.disclosure.see_case(case, acting, deed=wanted, shows=nothing, place_free="staff")
    return release(acting, nominees_view(seen, loads, acting.purpose, parts.notice))


async def _may_nominate(parts: GatewayParts, acting: Acting, case: str, new: NewNomination) -> Seen:
    name = Deed.NOMINATE_FOR_PANEL if new.by == "panel" else Deed.NOMINATE_LEAD
    return await _may(parts, acting, case, put_in_charge(name, new.member))


async def _may(parts: GatewayParts, acting: Acting, case: str, wanted: DeedOf) -> Seen:
    return await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=wanted)


async def _nominate(
    seen: Seen, case: str, acting: Acting, parts: GatewayParts, new: NewNomination
) -> Response:
    path = f"/cases/{seen.bundle['case']['id']}/nominations"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/lead-professional")


@router.get("/nominations/{nomination}", response_model=NominationView)
async def read_nomination(case: str, nomination: str, acting: MayReadEntries, parts: Parts) -> Response:
    """One nomination. Why it was refused or objected to, and how much the nominee leads, some are told."""
    known = id_or_nowhere(nomination)
    # Gathered before the decision, like everything that may be shown.
    path = f"/cases/{id_or_nowhere(case)}/nominations/{known}/load"
    load = await parts.disclosure.look_up_or_none(path, acting)
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free="staff")
    found = next((one for one in seen.bundle["nominations"] if one["id"] == known), None)
    if found is None:
        raise not_found()
    return release(acting, nomination_view(seen, found, load, acting.caller, acting.purpose, parts.notice))


@router.post("/nominations/{nomination}/acceptance", response_model=Done)
async def accept(case: str, nomination: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Accept: from this moment the nominee leads, and a lead before them no longer does."""
    nomination = id_or_nowhere(nomination)
    by_nominee = accept_nomination(nomination, acting.caller.user, acting.caller.agency)
    await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=by_nominee)
    path = f"/cases/{case}/nominations/{nomination}/acceptance"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))


@router.post("/nominations/{nomination}/withdrawal", response_model=Done)
async def withdraw_nomination(case: str, nomination: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Take a nomination back that was not answered, so that somebody else can be asked."""
    nomination = id_or_nowhere(nomination)
    await _may(parts, acting, case, take_nomination_back(nomination, acting.caller.role))
    path = f"/cases/{case}/nominations/{nomination}/withdrawal"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))


@router.post("/nominations/{nomination}/refusal", response_model=Done)
async def refuse(
    case: str, nomination: str, acting: MayDoCasework, parts: Parts, refusal: NominationRefusal
) -> Response:
    """Refuse, with the reason."""
    nomination = id_or_nowhere(nomination)
    by_nominee = refuse_nomination(nomination, acting.caller.user, acting.caller.agency)
    await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=by_nominee)
    path = f"/cases/{case}/nominations/{nomination}/refusal"
    content = refusal.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))


@router.post("/nominations/{nomination}/objection", response_model=Done)
async def object_to(
    case: str, nomination: str, acting: TeamManager, parts: Parts, objection: NominationObjection
) -> Response:
    """Object, for the nominee's agency. An open nomination ends; who leads already is told, and leads on."""
    nomination = id_or_nowhere(nomination)
    await _may(parts, acting, case, object_to_nomination(nomination))
    path = f"/cases/{case}/nominations/{nomination}/objection"
    content = objection.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))


@router.post("/weight", response_model=Done)
async def weigh(case: str, acting: MayDoCasework, parts: Parts, weight: CaseWeight) -> Response:
    """Say how much of its lead's time this case takes, from 1 to 5."""
    await _may(parts, acting, case, deed(Deed.WEIGH_CASE))
    content = weight.model_dump(mode="json")
    return json_response(
        await parts.upstreams.write("case", "POST", f"/cases/{case}/weight", acting, content)
    )


@router.get("/deputies", response_model=DeputiesView)
async def read_deputies(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """Who stood in for the lead, stands in, and will."""
    page = asked.of(parts, acting, f"cases/{case}/lead-professional/deputies")
    # Gathered before the decision, like everything that may be shown.
    try:
        path = f"/cases/{id_or_nowhere(case)}/deputies"
        listed = holding(await parts.upstreams.read("case", path, acting), "deputies")
    except Unreachable:
        raise part_unavailable() from None
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free="staff")
    view = deputies_view(seen, listed["deputies"], acting.caller.agency, acting.purpose, parts.notice)
    shown, footer = page.cut(view["deputies"], by("since", "until", "id"))
    return release(acting, {**view, "deputies": shown, **footer})


@router.post("/deputies", status_code=201, response_model=Done)
async def name_deputy(case: str, acting: MayDoCasework, parts: Parts, new: NewDeputy) -> Response:
    """Name somebody of the team who stands in while the lead is away. They see no more for it."""
    seen = await _may(parts, acting, case, put_in_charge(Deed.NAME_DEPUTY, new.member))
    path = f"/cases/{seen.bundle['case']['id']}/deputies"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/lead-professional/deputies")


@router.delete("/deputies/{deputy}", response_model=Done)
async def end_deputy(case: str, deputy: str, acting: MayDoCasework, parts: Parts) -> Response:
    """End that somebody stands in, or that they will."""
    await _may(parts, acting, case, deed(Deed.NAME_DEPUTY))
    path = f"/cases/{case}/deputies/{id_or_nowhere(deputy)}/ending"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))
