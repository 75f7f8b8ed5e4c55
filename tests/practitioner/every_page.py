"""Every page of the app as it comes, in a partnership in which everybody writes from right to left."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.practitioner.browser import Browser, Page
from tests.practitioner.demo import DemoSite, running_demo
from tests.practitioner.shapes import Addresses
from tests.practitioner.u1_pages import PAGES
from tests.practitioner.walking import filled_in

HEBREW = "שירה"
FROM_RIGHT = f"{HEBREW}\u200b "
"""What every name and every sentence begins with: letters from right to left, and a space of no width."""
_NAMES = frozenset({"name", "given_names", "family_name", "agency_name", "known_as", "title", "job_title"})
_NOT_WRITTEN = frozenset({"telephone"})
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
    return pages


async def at_work(site: DemoSite, user: str) -> Browser:
    browser = await site.signed_in(user)
    page = await browser.get("/")
    if page.address == "/acting":
        await browser.ask("POST", "/acting", filled_in(page, "/acting"))
    return browser
