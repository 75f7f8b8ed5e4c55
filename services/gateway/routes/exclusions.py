"""Exclusions: "not to be shared with …"."""

from fastapi import APIRouter, Response

from services.gateway.deeds import deed, in_own_words
from services.gateway.disclose import release
from services.gateway.family_facts import check_people, facts_about, places_ever_held, reader_facts
from services.gateway.guards import MayReadCases, MayRecordAnswers
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.places import exclusions_without_places
from services.gateway.schemas.views import Done, ExclusionsView
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.consents import Lifting, NewExclusion
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/exclusions", tags=["consent"])


@router.get("", response_model=ExclusionsView)
async def list_exclusions(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """The exclusions that the caller may see; never one against their own agency, but for its officer."""
    page = asked.of(parts, acting, f"cases/{case}/exclusions")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free="staff")
    path = f"/cases/{seen.bundle['case']['id']}/exclusions/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    if seen.names_no_agency:
        listed = exclusions_without_places(listed, acting.caller.agency)
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    content = {
        "exclusions": shown,
        **footer,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("", status_code=201, response_model=Done)
async def record_exclusion(case: str, acting: MayRecordAnswers, parts: Parts, new: NewExclusion) -> Response:
    """Record an exclusion. From ``enforced_at`` on nothing more is shown to those excluded."""
    seen = await parts.disclosure.see_case(
        case,
        acting,
        action=LedgerAction.CONTRIBUTE,
        deed=in_own_words(Deed.RECORD_EXCLUSION, new.giver, acting.caller.person),
    )
    # An authority that an agency holds speaks for itself: its id stands for the giver.
    giver = new.subject if new.giver == new.under else new.giver
    check_people(seen, subject=new.subject, giver=giver)
    content = {
        "exclusion": new.model_dump(mode="json"),
        "family": facts_about(seen, new.subject),
        "reader": reader_facts(seen, acting),
    }
    path = f"/cases/{seen.bundle['case']['id']}/exclusions"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/exclusions")


@router.post("/{exclusion}/lifting", response_model=Done)
async def lift_exclusion(
    case: str, exclusion: str, acting: MayRecordAnswers, parts: Parts, lifting: Lifting
) -> Response:
    """Lift an exclusion on its giver's word, recorded for another agency than those whom it keeps out."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.LIFT_EXCLUSION)
    )
    content = {
        "lifting": lifting.model_dump(mode="json"),
        "reader": reader_facts(seen, acting),
        "places": places_ever_held(seen),
    }
    path = f"/cases/{seen.bundle['case']['id']}/exclusions/{id_or_nowhere(exclusion)}/lifting"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
