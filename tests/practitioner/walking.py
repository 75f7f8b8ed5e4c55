"""Walking the app: every page that links lead to, and every form on the way, filled in as in a hurry."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

from bs4 import Tag

from shared.clock import utc_now
from tests.practitioner.browser import Browser, Page
from tests.practitioner.demo import DemoSite

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECTION = re.compile("/about/[a-z0-9_-]+")
"""The sections of an assessment are pages of one shape."""
HOSTILE = "As <b id='planted'>it</b> was \"said\" {{ 7 * 7 }} </textarea><script>alert(1)</script> שלום"
"""What somebody may type who wants to break a page. Where it stands as typed, nothing is ``planted``."""
ENDLESS = f"{HOSTILE} {'W' * 200} "
"""The same with a word for which no line of a narrow screen has room."""
MANY_LINES, ONE_LINE = 10_000, 200
"""How much the API takes at the most where a page has a box of many lines, and where it has one."""
_OF_EVERY_CASE = frozenset(
    {
        "/cases/{id}",
        "/cases/{id}/sharing-requests",
        "/sharing-requests/{id}",
        "/office/cases/{id}/overrides",
        "/office/cases/{id}/break-glass",
        "/office/cases/{id}/bars",
    }
)
"""Pages whose links differ from case to case, by what somebody has to do with it."""
LEAVES = frozenset({"/sign-out"})
"""Forms that end the walk."""
_ENDS = "/closure"
"""A form after which most others of its case are gone."""


def shape_of(address: str) -> str:
    """An address without its ids and without what is asked of it."""
    plain = _ID.sub("{id}", address.partition("?")[0].partition("#")[0])
    return _SECTION.sub("/about/{section}", plain)


async def walk(browser: Browser, *starts: str) -> dict[str, Page]:
    """One page of each shape that links lead to from where somebody lands, or from ``starts``, and the first
    page of every case, by address."""
    return {address: page async for address, page in walking(browser, *starts)}


async def walking(browser: Browser, *starts: str) -> AsyncIterator[tuple[str, Page]]:
    """The same as a walk that may be broken off."""
    shapes: set[str] = set()
    ahead = [*starts] or ["/"]
    while ahead:
        address = ahead.pop(0).partition("#")[0]
        shape = address if shape_of(address) in _OF_EVERY_CASE else shape_of(address)
        if shape in shapes:
            continue
        shapes.add(shape)
        page = await browser.get(address)
        ahead.extend(page.links.values())
        yield address, page


def forms_of(pages: dict[str, Page]) -> Iterator[tuple[str, str]]:
    """One form of each shape that these pages offer: the address of its page, and where it is sent to. What
    ends a case comes last."""
    shapes: set[str] = set()
    for address, page in sorted(pages.items(), key=lambda item: item[0].endswith(_ENDS)):
        for form in page.soup.find_all("form"):
            action = str(form.get("action") or address)
            if form.get("method") == "post" and action not in LEAVES and shape_of(action) not in shapes:
                shapes.add(shape_of(action))
                yield address, action


async def at_work(site: DemoSite, user: str) -> Browser:
    """Somebody's browser, in the first of their roles where they have several."""
    browser = await site.signed_in(user)
    page = await browser.get("/")
    if page.address == "/acting":
        await browser.ask("POST", "/acting", filled_in(page, "/acting"))
    return browser


def filled_in(page: Page, action: str, to_the_brim: bool = False) -> list[tuple[str, str]]:
    """A form with something in every field: the first of each choice, a day, something hostile, which is as
    long as it may be where it is filled ``to_the_brim``."""
    fields: dict[str, str] = {}
    ticked: list[tuple[str, str]] = []
    for control in page.form(action).find_all(["input", "textarea", "select", "button"]):
        name, kind = str(control.get("name") or ""), control.get("type", "text")
        if not name or control.name == "button":
            continue
        if control.name == "select":
            fields[name] = _chosen(control)
        elif kind == "radio":
            fields.setdefault(name, str(control["value"]))
        elif kind == "checkbox":
            ticked.append((name, str(control.get("value", "on"))))
        elif kind == "hidden":
            fields[name] = str(control.get("value", ""))
        else:
            typed = str(control.get("value") or "") or control.get_text(strip=True) or _typed(name, kind)
            if to_the_brim and typed == HOSTILE:
                typed = _as_much_as_fits(MANY_LINES if control.name == "textarea" else ONE_LINE)
            fields[name] = typed
    return [*fields.items(), *ticked]


def _as_much_as_fits(length: int) -> str:
    return (ENDLESS + "and so on " * length)[:length].strip()


def _chosen(control: Tag) -> str:
    options = [str(option.get("value", "")) for option in control.find_all("option")]
    return next((value for value in options if value), "")


def _typed(name: str, kind: object) -> str:
    soon = utc_now().date() + timedelta(days=-4_000 if "birth" in name else 7)
    for part, value in (("day", soon.day), ("month", soon.month), ("year", soon.year)):
        if name.endswith(f"-{part}"):
            return str(value)
    if kind == "time" or name.endswith("time"):
        return "10:30"
    return "5" if kind == "number" else HOSTILE
