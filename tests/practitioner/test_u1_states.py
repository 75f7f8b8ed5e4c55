"""U1 also for what pages come to on a bad day, and for what the demo partnership is too small to show.

Three changes that make this fail: a chart without a name, a table of two versions that is wider than a narrow
screen, a banner that is no region.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import Browser, Page

from shared.upstream import Reply, Unreachable
from tests.practitioner.chromium import follow
from tests.practitioner.demo import copied
from tests.practitioner.looking import findings, listening, lost_by_keyboard
from tests.practitioner.served_demo import ServedDemo, served_demo
from tests.practitioner.shapes import (
    CASE,
    HOUSING,
    PARTNERSHIP,
    SCRUTINEER,
    SOCIAL_WORKER,
    Addresses,
)
from tests.practitioner.walking import ENDLESS

NEW_CONCERN = "/concerns/new"
LONG_NAME = "The very long name of a partnership of services for children, families and young adults "


@pytest.fixture(scope="module")
def demo(told: tuple[Path, Addresses], chromium: Browser) -> Iterator[ServedDemo]:
    with served_demo(copied(told[0])) as served:
        yield served


def answer(status: int, content: Any) -> Reply:
    return Reply(status, orjson.dumps(content))


def refusal(status: int) -> Reply:
    return answer(status, {"status": status, "title": "No", "detail": f"This cannot be. {ENDLESS}"})


def looked_at(page: Page, status: int, heading: str) -> None:
    """Nothing is to be found on what is open, which was answered so."""
    answered = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
    assert (answered, page.locator("h1").inner_text()) == (status, heading)
    keys = page.context.new_cdp_session(page)
    assert lost_by_keyboard(page, keys, in_main=True) + findings(page) == []
    keys.detach()


def written(page: Page) -> None:
    """A concern, as somebody writes it down."""
    page.goto(NEW_CONCERN)
    page.get_by_label("Name of the person you are worried about").fill("Tess")
    page.get_by_label("What worries you?").fill(ENDLESS)


def send(page: Page) -> None:
    follow(page.get_by_role("button", name="Send"))


def test_u1_figures_are_drawn_and_stand_in_a_table(chromium: Browser, demo: ServedDemo) -> None:
    page = demo.opened(chromium, SCRUTINEER)
    mistakes = listening(page)
    rows = [{"name": f"{LONG_NAME}{place}", "people": 10_000 >> place} for place in range(9)]
    report = {"report": "cases-opened", "by": "agency", "fewer_than": 10, "total": 57, "others": 12}
    demo.site.line.reads_next["/v1/reports/cases-opened"] = answer(200, {**report, "rows": rows})
    page.goto("/reports/cases-opened")
    assert page.get_by_role("img").count() == 1
    assert page.locator("tbody tr").count() == len(rows) + 1
    looked_at(page, 200, page.locator("h1").inner_text())
    assert mistakes == []


def test_u1_what_a_draft_would_change_is_drawn(
    chromium: Browser, demo: ServedDemo, told: tuple[Path, Addresses]
) -> None:
    page = demo.opened(chromium, PARTNERSHIP)
    address = told[1][PARTNERSHIP, "/rules/drafts/{draft}"]
    path = f"/v1/policies/drafts/{address.rpartition('/')[2]}"
    draft = demo.done(demo.done(demo.site.api.sign_in(PARTNERSHIP)).get(path))
    cell = {"role": "practitioner", "agency": "northgate-school", "purpose": "support", "lost_in_use": None}
    cells = [
        {**cell, "category": category, "gained": gained, "lost": lost}
        for category, gained, lost in (("plan", None, 20), ("offending", 12_340, None), ("health", 10, 10))
    ]
    results = {"cells": cells, "cases": {"simulated": 50, "gaining": None, "losing": 20}}
    tried = {"state": "finished", "against": 1, "digest": "d", "results": results}
    demo.site.line.reads_next[path] = answer(200, {**draft, "simulation": tried})
    page.goto(address)
    assert page.get_by_role("img").count() == 1
    looked_at(page, 200, "Draft of the rules")


def test_u1_both_versions_stand_side_by_side(
    chromium: Browser, demo: ServedDemo, told: tuple[Path, Addresses]
) -> None:
    plain = demo.done(demo.site.signed_in(SOCIAL_WORKER))
    at = told[1][SOCIAL_WORKER, f"{CASE}/assessments/{{assessment}}"]
    section = demo.done(plain.get(f"{at}/about/general_health"))
    address = next(to for to in section.links.values() if to.startswith(f"{at}/entries/"))
    page = demo.window(chromium, plain)
    page.goto(address)
    meanwhile, name = demo.done(plain.get(address)), "narrative"
    saved = demo.done(plain.send(meanwhile, address, **{name: f"Theirs {ENDLESS}"}))
    assert (saved.status, saved.address != address) == (200, True)
    page.locator(f"[name={name}]").fill(f"Mine {ENDLESS}")
    follow(page.get_by_role("button", name="Save"))
    cells = page.get_by_role("table", name="Both versions").get_by_role("cell").all_inner_texts()
    assert [cell.split()[0] for cell in cells] == ["Theirs", "Mine"]
    assert page.locator(f"[name={name}]").input_value().startswith("Mine")
    looked_at(page, 409, page.locator("h1").inner_text())


def test_u1_a_form_that_was_kept_says_so_after_the_session_ended(chromium: Browser, demo: ServedDemo) -> None:
    plain = demo.done(demo.site.signed_in(HOUSING))
    page = demo.window(chromium, plain)
    written(page)
    demo.site.clock.late += timedelta(minutes=20)
    fields = page.locator("main form[method=post] [name]").evaluate_all(
        "all => all.filter(one => !/radio|checkbox/.test(one.type)).map(one => [one.name, one.value])"
    )
    demo.done(plain.ask("POST", NEW_CONCERN, [tuple(pair) for pair in fields], follow=False))
    demo.done(plain.sign_in(HOUSING))
    page = demo.window(chromium, plain)
    page.goto(NEW_CONCERN)
    assert "You were signed out" in page.get_by_role("region").inner_text()
    assert page.get_by_label("Name of the person you are worried about").input_value() == "Tess"
    looked_at(page, 200, page.locator("h1").inner_text())


def test_u1_where_nothing_is_answered(chromium: Browser, demo: ServedDemo) -> None:
    page = demo.opened(chromium, HOUSING)
    demo.site.line.reads_next["/v1/cases"] = Reply(503, b"{}")
    page.goto("/")
    looked_at(page, 503, "Sorry, this cannot be shown right now")
    written(page)
    demo.site.line.answers_next, demo.site.line.is_reached = Unreachable(), False
    send(page)
    looked_at(page, 503, "Sorry, this cannot be shown right now")
    follow(page.get_by_role("link", name="Open the page again"))
    assert page.get_by_label("Name of the person you are worried about").input_value() == "Tess"
    looked_at(page, 200, page.locator("h1").inner_text())


@pytest.mark.parametrize("status", [403, 404])
def test_u1_what_was_typed_where_it_may_not_be_done_or_is_gone(
    chromium: Browser, demo: ServedDemo, status: int
) -> None:
    page = demo.opened(chromium, HOUSING)
    demo.site.line.reads_next["/v1/cases"] = refusal(status)
    page.goto("/")
    looked_at(page, status, "Page not found" if status == 404 else "This cannot be done")
    written(page)
    demo.site.line.answers_next, demo.site.line.is_reached = refusal(status), False
    send(page)
    assert ENDLESS.split()[0] in page.locator("main").inner_text()
    looked_at(page, status, page.locator("h1").inner_text())


@pytest.mark.parametrize(
    ("field", "status", "heading"),
    [("csrf", 403, "This form is out of date"), ("place", 409, "You changed your role meanwhile")],
)
def test_u1_a_form_that_is_not_good_any_more(
    chromium: Browser, demo: ServedDemo, field: str, status: int, heading: str
) -> None:
    page = demo.opened(chromium, HOUSING)
    written(page)
    form = page.locator(f"main form[action='{NEW_CONCERN}']")
    form.locator(f"[name={field}]").evaluate("one => { one.value = 'another' }")
    send(page)
    looked_at(page, status, heading)


def test_u1_whoever_cannot_be_signed_in_is_told_so(chromium: Browser, demo: ServedDemo) -> None:
    page = chromium.new_context(base_url=demo.url).new_page()
    page.goto("/sign-in/return?code=made-up&state=made-up")
    looked_at(page, 400, "You cannot be signed in right now")


def test_u1_the_pages_of_a_parent_with_an_account(chromium: Browser, demo: ServedDemo) -> None:
    """Her child's, a choice of several, and none."""
    page = demo.opened(chromium, "karen.mercer")
    page.goto("/")
    looked_at(page, 200, "The help for James Mercer")
    one = {"state": "open", "lead_professional": {"name": LONG_NAME}}
    names = ("Kit", "שירה כהן", ENDLESS)
    cards: list[Any] = [
        {**one, "id": f"00000000-0000-4000-8000-{place:012}", "person": {"name": name}}
        for place, name in enumerate(names)
    ]
    for shown, heading in ((cards, "Your own pages"), ([], "There is nothing to show here")):
        demo.site.line.reads_next["/v1/cases"] = answer(200, {"cases": shown, "cursor": None})
        page.goto("/family/sheet")
        assert page.locator("main li").count() == len(shown)
        looked_at(page, 200, heading)


def test_u1_somebody_with_no_cases_and_a_page_that_is_not_for_them(
    chromium: Browser, demo: ServedDemo
) -> None:
    page = demo.opened(chromium, HOUSING)
    demo.site.line.reads_next["/v1/cases"] = answer(200, {"cases": [], "cursor": None, "notice": "No"})
    page.goto("/")
    assert page.get_by_text("You are not on the team of any case.").count() == 1
    looked_at(page, 200, "My cases")
    page.goto("/reports/cases-opened")
    looked_at(page, 403, "This cannot be done")
