"""The contact log: who tried to reach the family and what came of it; life events; offers made once more."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import Seen, not_shown, release
from services.gateway.family_facts import check_subjects
from services.gateway.guards import Acting, MayDoCasework, MayReadEntries, MayWriteEntries
from services.gateway.labels import nothing, of_area
from services.gateway.paging import AskedPage
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.views import Done, EntriesView
from shared.records.contacts import NewContact, NewLifeEvent, OfferReopening
from shared.vocabulary import Deed, LedgerAction, Level
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}", tags=["contacts"])


@router.get("/contacts", response_model=EntriesView)
async def read_contacts(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """Contacts, attempts and life events that the caller may see."""
    page = asked.of(parts, acting, f"cases/{case}/contacts")
    seen = await parts.disclosure.see_case(
        case, acting, shows=of_area("contacts"), place_free="staff", portion=page.portion
    )
    return release(acting, page.entries(seen, area="contacts"))


@router.post("/contacts", status_code=201, response_model=Done)
async def record_contact(case: str, acting: MayWriteEntries, parts: Parts, new: NewContact) -> Response:
    """Record a contact or an attempt. No answer sets the day of the next one; an informed refusal is
    respected until a life event, or a manager's decision, opens the offer again."""
    seen = await _may(parts, acting, case, Deed.CONTRIBUTE)
    check_subjects(seen, new.subjects, "subjects")
    content = {"contact": new.model_dump(mode="json"), **_what_happened(seen)}
    return await _write(parts, acting, seen, "contacts", content)


@router.post("/life-events", status_code=201, response_model=Done)
async def record_life_event(case: str, acting: MayWriteEntries, parts: Parts, new: NewLifeEvent) -> Response:
    """Record what changed in the family's life. Whoever sees it may offer again what was refused before."""
    seen = await _may(parts, acting, case, Deed.CONTRIBUTE)
    check_subjects(seen, new.subjects, "subjects")
    return await _write(parts, acting, seen, "life-events", new.model_dump(mode="json"))


@router.post("/contacts/reopening", status_code=201, response_model=Done)
async def reopen_offer(case: str, acting: MayDoCasework, parts: Parts, new: OfferReopening) -> Response:
    """Decide, as a manager, that one's agency may ask once more what the family refused."""
    seen = await _may(parts, acting, case, Deed.REOPEN_OFFER)
    content = {"reopening": new.model_dump(mode="json"), **_what_happened(seen)}
    return await _write(parts, acting, seen, "contacts/reopening", content)


async def _may(parts: GatewayParts, acting: Acting, case: str, name: Deed) -> Seen:
    return await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(name), shows=nothing
    )


def _what_happened(seen: Seen) -> dict[str, list[str]]:
    """The life events that the caller sees, and what they do not see of their agency's contacts: nothing is
    opened to them, nor shut, by what is hidden (design 3.5)."""
    both = zip(seen.entries, seen.levels, strict=True)
    events = [e["id"] for e, level in both if e["kind"] == "life_event" and level >= Level.SUMMARY]
    return {"life_events": events, "not_shown": not_shown(seen, "contact_attempt", "offer_reopened")}


async def _write(parts: GatewayParts, acting: Acting, seen: Seen, what: str, content: Any) -> Response:
    case = seen.bundle["case"]["id"]
    outcome = await parts.upstreams.write("case", "POST", f"/cases/{case}/{what}", acting, content)
    return created(outcome, f"/v1/cases/{case}/contacts")
