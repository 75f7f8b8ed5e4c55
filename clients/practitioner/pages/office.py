"""Where an information officer begins: what waits, and where to look things up."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState
from clients.practitioner.presenters.office import news_of, waiting_of
from clients.practitioner.visit import SentForm, SignedIn, Visit, see_other
from shared.ids import is_id

router = APIRouter(prefix="/office")
_PAGES = {
    "who-can-see": "/office/cases/{id}/who-can-see",
    "looks": "/ledger/cases/{id}",
    "looks-at-person": "/ledger/people/{id}",
    "overrides": "/office/cases/{id}/overrides",
    "break-glass": "/office/cases/{id}/break-glass",
    "bars": "/office/cases/{id}/bars",
}


@router.get("")
async def home(visit: SignedIn) -> Response:
    return await _page(visit, FormState())


@router.post("")
async def look_up(visit: SignedIn, form: SentForm) -> Response:
    """Go to the page about a case or person whose number was typed."""
    found, page = form["number"].lower(), _PAGES.get(form["what"])
    errors: dict[str, str] = {}
    if page is None:
        errors["what"] = "Choose what you want to look at."
    if not is_id(found):
        errors["number"] = "Give the whole number of the case or person, as it stands in a list of looks."
    if errors or page is None:
        return await _page(visit, FormState(form, errors), 422)
    return see_other(page.format(id=found))


async def _page(visit: Visit, state: FormState, status: int = 200) -> Response:
    waits: Any = await visit.get("/v1/worklists/office")
    news: Any = await visit.get("/v1/alerts", limit="10")
    return visit.page(
        "office/home.html",
        status,
        waiting=waiting_of(waits),
        news=[one for one in news_of(news) if one.address],
        state=state,
    )
