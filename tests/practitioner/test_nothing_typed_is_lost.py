"""From a form of each area nothing that was typed is lost, and nothing is done twice.

Three changes that make this fail: a page that opens its form empty where something was kept, a write without
the key of its form, a form whose fields have other names when it is shown again.
"""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from clients.practitioner.visit import THROWN_AWAY
from clients.practitioner.words import SENT_BEFORE
from shared.upstream import Reply, Unreachable
from tests.practitioner.browser import Browser, Page
from tests.practitioner.demo import DemoSite, copied, running_demo
from tests.practitioner.every_page import own_calls
from tests.practitioner.shapes import Addresses
from tests.practitioner.u1_pages import FORMS, PAGES
from tests.practitioner.walking import at_work, filled_in, shape_of

pytestmark = pytest.mark.anyio
Pairs = list[tuple[str, str]]
OURS = frozenset({"csrf", "once", "place", "etag", "read", "do", "search"})
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AWAY = timedelta(minutes=20)
SENT_BACK = frozenset(
    {"asking", "authorities", "contacts", "costs", "emergency", "flags", "overrides", "permissions"}
)
"""Forms that are not taken as they are filled in here: their mistakes stand there twice."""
WRITES_NOTHING = frozenset({"leavers", "office"})
"""Somebody is looked up from there, and what was typed stands there if nobody is found."""
_FITTING = {
    "nhs_number": "", "upn": "", "telephone": "01632 960 999", "user": "ruth.amadi", "responsible_user": "",
    "amount": "12.50", "instead_amount": "", "planned_instead": "", "what_was_explained": "",
    "not_told_because": "", "departed_because": "", "kept": "", "no_family_view_because": "",
    **{f"expected_date_of_delivery-{part}": "" for part in ("day", "month", "year")},
    **{f"{day}-year": "2026" for day in ("held_on", "when")},
    **{f"{day}-month": "3" for day in ("held_on", "when")},
}  # fmt: skip
"""What is typed into fields that do not take just anything, or not beside the rest."""
_OF_NOBODY = {"date_of_birth-year": "1931"}
"""What fits nobody, whoever else was written down under what is typed into every form."""


@pytest.fixture(scope="module")
async def site(told: tuple[Path, Addresses]) -> AsyncIterator[DemoSite]:
    async with running_demo(copied(told[0])) as demo:
        yield demo


@pytest.fixture
def at(told: tuple[Path, Addresses], area: str) -> str:
    query = "?kind=change_role" if area == "who_can_see" else ""
    return told[1][FORMS[area]] + query


@pytest.fixture(scope="module")
def browsers() -> dict[tuple[str, timedelta], Browser]:
    """Of each user, who was signed in when it was as late as that."""
    return {}


@pytest.fixture
async def browser(site: DemoSite, browsers: dict[tuple[str, timedelta], Browser], area: str) -> Browser:
    user, late = FORMS[area][0], site.clock.late
    if (user, late) not in browsers:
        browsers[user, late] = await at_work(site, user)
    return browsers[user, late]


every_area = pytest.mark.parametrize("area", sorted(FORMS.keys() - WRITES_NOTHING))


def action_on(page: Page) -> str:
    """Where the first form of a page goes that sends something."""
    return actions_on(page)[0]


def actions_on(page: Page) -> list[str]:
    """Where its forms go, each once; what throws away what was kept is none."""
    forms = [str(form.get("action") or page.address) for form in page.soup.select("main form[method=post]")]
    return list(dict.fromkeys(action for action in forms if action != THROWN_AWAY))


def typed_into(page: Page) -> Pairs:
    action = action_on(page)
    typed = filled_in(page, action, to_the_brim=True)
    fitting = {**_FITTING, **(_OF_NOBODY if action == "/emergency" else {})}
    return [(name, fitting.get(name, value)) for name, value in typed]


def is_told(page: Page, typed: Pairs) -> bool:
    """Whether a page that has no form lists what was typed, to be copied; what has an id says nothing."""
    listed = [one.get_text() for one in page.soup.select("main dd")]
    said = [value for name, value in typed if name not in OURS and value and not ID.fullmatch(value)]
    return all(any(value in one for one in listed) for value in said)


def is_there(page: Page, typed: Pairs, action: str | None = None) -> bool:
    """Whether the fields of a page hold what was typed before."""
    stands: Pairs = []
    for name, value in page.filled_in(action or action_on(page)).items():
        stands.extend((name, one) for one in ([value] if isinstance(value, str) else value))
    wanted = {(name, value) for name, value in typed if name not in OURS and value}
    return (action is not None or len(wanted) >= 1) and wanted <= {
        (name, value.strip()) for name, value in stands
    }


@every_area
async def test_nothing_is_lost_with_the_session_or_with_the_line(
    site: DemoSite, browser: Browser, at: str, area: str
) -> None:
    page = await browser.get(at)
    action, typed = action_on(page), typed_into(page)
    site.line.answers_next, site.line.is_reached = Unreachable(), False
    page = await browser.ask("POST", action, typed)
    assert page.status == 503
    page = await browser.get(next(to for words, to in page.links.items() if words == "Open the page again"))
    assert is_there(page, typed)
    site.clock.late += AWAY
    stopped = await browser.ask("POST", action, typed, follow=False)
    assert stopped.headers["location"].startswith("/sign-in?to=")
    page = await browser.get(f"{stopped.headers['location']}&user={FORMS[area][0]}")
    if page.address == "/acting":
        page = await browser.ask("POST", "/acting", filled_in(page, "/acting"))
    assert (page.status, is_there(page, typed)) == (200, True)
    assert "You were signed out" in page.text


@every_area
@pytest.mark.parametrize("status", [403, 409])
async def test_nothing_is_lost_where_the_api_says_no(
    site: DemoSite, browser: Browser, at: str, status: int
) -> None:
    page = await browser.get(at)
    typed = typed_into(page)
    said = {"status": status, "title": "No", "detail": "Somebody was faster.", "errors": []}
    site.line.answers_next, site.line.is_reached = Reply(status, orjson.dumps(said)), False
    page = await browser.ask("POST", action_on(page), typed)
    assert page.status in (403, 409, 422)
    assert is_there(page, typed) if page.mistakes else is_told(page, typed)
    writes = [call for call in page.calls if call[0] != "GET"]
    assert len(own_calls(at, page)) - len(writes) <= 2, page.calls


@every_area
async def test_sent_twice_it_is_done_once_and_going_back_changes_nothing(
    browser: Browser, at: str, area: str
) -> None:
    page = await browser.get(at)
    action, typed = action_on(page), typed_into(page)
    first, second = [await browser.ask("POST", action, typed) for _ in range(2)]
    assert first.status == (422 if area in SENT_BACK else 200), first.mistakes
    assert (second.status, second.address, second.text) == (first.status, first.address, first.text)


@pytest.mark.parametrize("area", ["concern", "meetings", "plan", "reviews"])
async def test_who_goes_back_and_changes_what_was_sent_is_told_so_and_can_send_it_as_well(
    browser: Browser, at: str
) -> None:
    page = await browser.get(at)
    action, typed = action_on(page), typed_into(page)
    saved = await browser.ask("POST", action, typed)
    changed = [(name, f"Not only: {value}"[:200] if len(value) > 200 else value) for name, value in typed]
    page = await browser.ask("POST", action, changed)
    assert (page.status, page.mistakes) == (422, [SENT_BEFORE])
    assert is_there(page, changed)
    again = await browser.send(page, action)
    assert (again.status, again.address) == (200, saved.address)


def has_something_to_type(page: Page, action: str) -> bool:
    shown = page.form(action).select("input:not([type=hidden]), textarea, select")
    return len(shown) >= 1


async def test_from_no_form_of_any_page_anything_is_lost_when_all_is_gone_or_nobody_answers(
    told: tuple[Path, Addresses],
) -> None:
    """Each form of each page, sent when whatever it is about is not there for its user any more, and when the
    line is down. Fails when a page says that it was not found and forgets what came with the form."""
    tried: set[str] = set()
    lost: list[str] = []
    async with running_demo(copied(told[0])) as site:
        for user, routes in PAGES.items():
            browser = await at_work(site, user)
            for address in dict.fromkeys(told[1][user, route] for route in routes):
                page = await browser.get(address)
                new = [one for one in actions_on(page) if shape_of(one) not in tried]
                for action in new:
                    tried.add(shape_of(action))
                    lost += [f"{action}: {what}" async for what in what_is_lost(site, browser, page, action)]
    assert lost == [], "\n".join(lost)
    assert len(tried) > 80, sorted(tried)


async def what_is_lost(site: DemoSite, browser: Browser, page: Page, action: str) -> AsyncIterator[str]:
    typed = filled_in(page, action)
    site.line.hides = "/v1/"
    gone = await browser.ask("POST", action, typed)
    site.line.hides = None
    if not has_something_to_type(page, action) or gone.address in ("/", "/acting/purpose"):
        return  # There is nothing to lose, or it is taken without the API: in which role somebody acts.
    stands = action in gone.actions and is_there(gone, typed, action)
    if not stands and not is_told(gone, typed):
        yield f"where all is gone: {gone.status} {gone.text[:400]}"
    site.line.is_down = True
    stopped = await browser.ask("POST", action, typed)
    site.line.is_down = False
    if stopped.status != 503 or stopped.address != action:
        return  # It was taken, and at the most the page after it could not be had.
    if not is_told(stopped, typed):
        yield f"where nobody answers: {stopped.text[:400]}"
    [back] = [to for words, to in stopped.links.items() if words == "Open the page again"]
    again = await browser.get(back)
    if action not in again.actions or not is_there(again, typed, action):
        yield f"where it is opened again: {again.status} {again.address} {again.text[:200]}"
