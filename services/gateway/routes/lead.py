"""The lead professional: nominated, accepted by the nominee, handed over without a gap."""

from fastapi import APIRouter, Response

from services.gateway.deeds import answer_nomination, deed
from services.gateway.disclose import Seen, release
from services.gateway.guards import Acting, MayDoCasework, MayReadEntries
from services.gateway.labels import nothing
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.views import Done, LeadView
from services.gateway.views import lead_view
from shared.ids import id_or_nowhere
from shared.problems import conflict
from shared.records.cases import NewNomination, NominationRefusal
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(
    route_class=StrictRoute, prefix="/cases/{case}/lead-professional", tags=["lead professional"]
)


@router.get("", response_model=LeadView)
async def read_lead(case: str, acting: MayReadEntries, parts: Parts) -> Response:
    """Who is in charge, who was, and who is asked to be."""
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free="staff")
    return release(acting, lead_view(seen, acting.purpose, parts.notice))


@router.post("/nominations", status_code=201, response_model=Done)
async def nominate(case: str, acting: MayDoCasework, parts: Parts, new: NewNomination) -> Response:
    """Ask a team member to lead. With a lead in place this is a handover, complete when it is accepted."""
    return await _nominate(await _may_nominate(parts, acting, case), case, acting, parts, new)


@router.post("/handovers", status_code=201, response_model=Done)
async def hand_over(case: str, acting: MayDoCasework, parts: Parts, new: NewNomination) -> Response:
    """Hand a case over to another member of the team. Who leads now stays in charge until it is accepted."""
    seen = await _may_nominate(parts, acting, case)
    if seen.bundle["lead"] is None:
        raise conflict("Nobody leads this case, so there is nothing to hand over. Nominate somebody.")
    return await _nominate(seen, case, acting, parts, new)


async def _may_nominate(parts: GatewayParts, acting: Acting, case: str) -> Seen:
    nominating = deed(Deed.NOMINATE_LEAD)
    return await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=nominating)


async def _nominate(
    seen: Seen, case: str, acting: Acting, parts: GatewayParts, new: NewNomination
) -> Response:
    path = f"/cases/{seen.bundle['case']['id']}/nominations"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/lead-professional")


@router.post("/nominations/{nomination}/acceptance", response_model=Done)
async def accept(case: str, nomination: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Accept: from this moment the nominee leads, and a lead before them no longer does."""
    nomination = id_or_nowhere(nomination)
    by_nominee = answer_nomination(nomination, acting.caller.user, acting.caller.agency)
    await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=by_nominee)
    path = f"/cases/{case}/nominations/{nomination}/acceptance"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))


@router.post("/nominations/{nomination}/withdrawal", response_model=Done)
async def withdraw_nomination(case: str, nomination: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Take a nomination back that was not answered, so that somebody else can be asked."""
    nomination = id_or_nowhere(nomination)
    await _may_nominate(parts, acting, case)
    path = f"/cases/{case}/nominations/{nomination}/withdrawal"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))


@router.post("/nominations/{nomination}/refusal", response_model=Done)
async def refuse(
    case: str, nomination: str, acting: MayDoCasework, parts: Parts, refusal: NominationRefusal
) -> Response:
    """Refuse, with the reason."""
    nomination = id_or_nowhere(nomination)
    by_nominee = answer_nomination(nomination, acting.caller.user, acting.caller.agency)
    await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=by_nominee)
    path = f"/cases/{case}/nominations/{nomination}/refusal"
    content = refusal.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))
