"""Decisions not to share, with a second person and a day on which they are looked at again."""

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import release
from services.gateway.family_facts import check_subject, reader_facts
from services.gateway.guards import MayDoCasework, MayReadCases
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.schemas.two_keys import NonDisclosuresView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.two_keys import NewNonDisclosure
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/non-disclosures", tags=["consent"])


@router.get("", response_model=NonDisclosuresView)
async def list_non_disclosures(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """What the acting agency decided not to share; nobody else sees it."""
    page = asked.of(parts, acting, f"cases/{case}/non-disclosures")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/non-disclosures/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    content = {
        "non_disclosures": shown,
        **footer,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("", status_code=201, response_model=Done)
async def record_non_disclosure(
    case: str, acting: MayDoCasework, parts: Parts, new: NewNonDisclosure
) -> Response:
    """Record that the acting agency decided not to share, from whom it keeps what, why, and until when."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.DECIDE_NOT_TO_SHARE)
    )
    check_subject(seen, new.subject)
    path = f"/cases/{seen.bundle['case']['id']}/non-disclosures"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/non-disclosures")


@router.post("/{decision}/confirmation", response_model=Done)
async def confirm(case: str, decision: str, acting: MayDoCasework, parts: Parts) -> Response:
    """The second person's word: somebody else of the agency that decided."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.DECIDE_NOT_TO_SHARE)
    )
    path = f"/cases/{seen.bundle['case']['id']}/non-disclosures/{id_or_nowhere(decision)}/confirmation"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting))
