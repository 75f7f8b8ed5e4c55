"""Where an information officer begins, and what waits for managers and safeguarding leads: what others did
without permission, and where to look things up."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, opened
from clients.practitioner.presenters.office import news_of, waiting_of
from clients.practitioner.visit import SentForm, SignedIn, Visit, drop_kept, page_of, see_other
from shared.ids import is_id

router = APIRouter(prefix="/office")
_PAGES = {
    "who-can-see": "/office/cases/{id}/who-can-see",
    "looks": "/ledger/cases/{id}",
    "looks-at-person": "/ledger/people/{id}",
    "overrides": "/office/cases/{id}/overrides",
    "break-glass": "/office/cases/{id}/break-glass",
    "bars": "/office/cases/{id}/bars",
    "record": "/office/cases/{id}/overrides/new",
}
_QUESTIONS = (
    ("who-can-see", "Who can see what in this case"),
    ("looks", "Who looked at this case"),
    ("looks-at-person", "Who looked at this person"),
    ("overrides", "What was shared without permission in this case"),
    ("break-glass", "Who opened this case because of danger"),
    ("bars", "Bars about the people of this case"),
    ("record", "Nothing: I have to share without permission in this case"),
)
_HINT = "Open the case from a list of who looked: its number stands at the top"
_HINT_AT_WORK = "It stands at the end of the address of the case’s page; or an information officer tells you"
_FOR_WHOEVER_ANSWERS = frozenset({"overrides", "break-glass"})


@router.get("")
async def home(visit: SignedIn) -> Response:
    return await _page(visit, await opened(visit))


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
    await drop_kept(visit, page_of(visit.request))
    return see_other(page.format(id=found))


async def _page(visit: Visit, state: FormState, status: int = 200) -> Response:
    waits: Any = await visit.get("/v1/worklists/office")
    news: Any = await visit.get("/v1/alerts", limit="10")
    return visit.page(
        "office/home.html",
        status,
        waiting=waiting_of(waits),
        news=[one for one in news_of(news) if one.address],
        questions=_questions(visit, waits["may"]),
        number_hint=_HINT if visit.acting.role == "information_officer" else _HINT_AT_WORK,
        state=state,
    )


def _questions(visit: Visit, may: Sequence[str]) -> list[tuple[str, str]]:
    """What may be looked up: of a case's record somebody who works with families has pages of their own."""
    officer = visit.acting.role == "information_officer"
    offered = set(_PAGES) if officer else _FOR_WHOEVER_ANSWERS | {"record"}
    if "record_override" not in may:
        offered -= {"record"}
    return [one for one in _QUESTIONS if one[0] in offered]
