"""Every page of the app as it comes, in a partnership in which everybody writes from right to left."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from tests.practitioner.browser import Browser, Page
from tests.practitioner.demo import DemoSite, running_demo
from tests.practitioner.shapes import CASE, SOCIAL_WORKER, Addresses, route_of
from tests.practitioner.u1_pages import PAGES
from tests.practitioner.walking import at_work, filled_in

_KEPT = re.compile(r"/v1/agencies|/v1/instruments(/[^/]+/[^/]+)?")
"""What is the same for everybody: names are asked for once a minute, a version of an instrument once."""
_ABOUT_AGENCIES = "/agencies"
HEBREW = "שירה"
FROM_RIGHT = f"{HEBREW}\u200b "
"""What every name and every sentence begins with: letters from right to left, and a space of no width."""
_NAMES = frozenset({"name", "given_names", "family_name", "agency_name", "known_as", "title", "job_title"})
_NOT_WRITTEN = frozenset({"telephone"})
FAMILY = "the family"
EveryPage = Mapping[tuple[str, str], Page]
"""By its user and its route."""


def from_right(answer: Any, key: str = "") -> Any:
    """An answer of the API in which whatever somebody may have written begins from the right."""
    if isinstance(answer, dict):
        return {name: from_right(value, name) for name, value in answer.items()}
    if isinstance(answer, list):
        return [from_right(value, key) for value in answer]
    is_written = isinstance(answer, str) and (key in _NAMES or " " in answer) and key not in _NOT_WRITTEN
    return FROM_RIGHT + answer if is_written else answer


async def read_every_page(folder: Path, found: Addresses) -> EveryPage:
    """One page of every route, as those users see it who are to look at it in Chromium."""
    pages: dict[tuple[str, str], Page] = {}
    async with running_demo(folder) as site:
        site.line.reads_as = from_right
        for user, routes in PAGES.items():
            browser = await at_work(site, user)
            for route in routes:
                pages[user, route] = await browser.get(found[user, route])
        worker = await at_work(site, SOCIAL_WORKER)
        for page in [page async for page in _of_the_family(site, worker, found[SOCIAL_WORKER, CASE])]:
            pages[FAMILY, route_of(site.app, page.address)] = page
    return pages


async def _of_the_family(site: DemoSite, worker: Browser, case: str) -> AsyncIterator[Page]:
    """What somebody comes by to whom a code is handed over, and the page on which it stands."""
    asking = await worker.get(f"{case}/family-code")
    given = await worker.ask("POST", f"{case}/family-code", filled_in(asking, f"{case}/family-code"))
    yield given
    code = given.soup.find(class_="govuk-panel__title")
    assert code is not None
    himself = site.browser()
    yield await himself.get("/family")
    by_link = await himself.get(f"/family/code/{code.get_text(strip=True)}")
    yield by_link
    sheet = await himself.ask("POST", "/family", filled_in(by_link, "/family"))
    yield sheet
    word = await himself.get(next(to for to in sheet.links.values() if to.endswith("/word")))
    yield word
    taking_back = await himself.get(next(to for to in sheet.links.values() if to.endswith("/withdrawal")))
    yield taking_back
    yield await himself.get(taking_back.links["Leave it as it is"])


def own_calls(route: str, page: Page) -> list[tuple[str, str]]:
    """What a page asked the gateway, besides what is kept for everybody."""
    return [call for call in page.calls if route == _ABOUT_AGENCIES or not _KEPT.fullmatch(call[1])]
