"""Bad days: two tabs, a case that is hidden meanwhile, names from right to left, and three hundred agencies.
What is lost on the way or sent twice stands in ``test_forms``; very long words in ``test_assessments``."""

import re
from datetime import date
from typing import Any

import pytest

from deploy.stories.steps import open_case, record_person
from shared.vocabulary import Category
from tests.practitioner.browser import Desk, Page
from tests.practitioner.test_family import come_in, given_code

pytestmark = pytest.mark.anyio
ARABIC, HEBREW = "نور الهدى", "שירה כהן"
MANY = 300


async def goals(desk: Desk, case: str) -> list[str]:
    view = await desk.home.world.as_("nadia.bell").get(f"/v1/cases/{case}")
    return [entry["fields"]["goal"] for entry in view["areas"]["plan"] if entry["kind"] == "plan_goal"]


async def test_two_tabs_of_one_form_are_two_things_and_neither_writes_over_the_other(desk: Desk) -> None:
    browser, case = await desk.signed_in("nadia.bell"), desk.home.house.case
    address = f"/cases/{case}/plan/goals/new"
    before = await goals(desk, case)
    tabs = [await browser.get(address) for _ in range(2)]
    typed = ["To sleep through the night", "To go to school on Mondays"]
    for tab, goal in zip(reversed(tabs), typed, strict=True):
        assert (await browser.send(tab, address, goal=goal)).status == 200
    assert sorted(await goals(desk, case)) == sorted([*before, *typed])


async def test_what_one_tab_took_back_the_other_says_is_gone_and_nothing_breaks(desk: Desk) -> None:
    house = desk.home.house
    browser, _ = await come_in(desk, await given_code(desk))
    own = f"/family/sheet/{house.case}"
    address = f"{own}/permissions/{house.everyday_permission}/withdrawal"
    tabs = [await browser.get(address) for _ in range(2)]
    first = await browser.send(tabs[0], address)
    assert (first.status, "Done at " in first.text) == (200, True)
    second = await browser.send(tabs[1], address)
    assert (second.status, second.address) == (200, own)
    assert "You took this back already. It no longer counts." in second.text
    assert (await browser.get(address)).address == own, "nor does going back lead nowhere"
    assert "already" not in (await browser.get("/family/sheet")).text


async def test_a_case_that_is_hidden_while_somebody_types_takes_nothing_and_loses_nothing(desk: Desk) -> None:
    """They saw it when they began to type; a bar, that nobody tells them of, came between."""
    world, case = desk.home.world, desk.home.house.case
    browser = await desk.signed_in("ruth.amadi")
    address = f"/cases/{case}/contacts/new"
    page = await browser.get(address)
    assert page.status == 200
    bar: Any = {
        "kind": "court_order", "agencies": ["mill-lane-health"], "users": [], "everyone_except": False,
        "categories": [category.value for category in Category],
        "legal_reference": "An order", "reason": "Ordered by the court.", "review_on": "2031-09-01",
        "custodian": {"agency": "northgate-school", "name": "Tom Ashby", "telephone": "01632 960 777"},
    }  # fmt: skip
    await world.as_("tom.ashby").post(f"/v1/cases/{case}/bars", bar)
    typed = "She asked for another visit <b>on Monday</b>"
    gone = await browser.send(page, address, outcome="spoken_to", note=typed)
    absent = await browser.ask(
        "POST", address.replace(case, "20000000-0000-4000-8000-000000000000"), page.filled_in(address)
    )
    assert (gone.status, gone.heading) == (absent.status, absent.heading) == (404, "Page not found")
    assert (await browser.get(f"/cases/{case}")).status == 404
    for hidden in ("court", "bar "):
        assert hidden not in gone.text.lower()


def _stands_apart(page: Page, words: str) -> list[bool]:
    """Of each place in which these words stand, whether their direction is theirs alone."""
    found = []
    for text in page.soup.find_all(string=re.compile(re.escape(words))):
        around = list(text.parents)
        unseen = any("govuk-visually-hidden" in str(one.get("class")) for one in around)
        if not unseen and not any(one.name in ("title", "option") for one in around):
            found.append(any(one.name == "bdi" or one.get("dir") == "auto" for one in around))
    return found


async def test_names_from_right_to_left_stand_whole_and_turn_nothing_around(desk: Desk) -> None:
    api = desk.home.world.as_("nadia.bell")
    person = await record_person(api, ARABIC, HEBREW, date(2020, 2, 2))
    case = await open_case(api, person, [], f"{ARABIC} asked for help")
    await api.post(f"/v1/cases/{case}/goals", {"goal": f"{HEBREW} sleeps ({ARABIC})"})
    browser, looked = await desk.signed_in("nadia.bell"), 0
    for address in ("/", f"/cases/{case}", f"/cases/{case}/plan", f"/cases/{case}/permissions/new/who"):
        page = await browser.get(address)
        assert page.status == 200, address
        places = _stands_apart(page, HEBREW)
        assert places, address
        assert all(places), (address, page.html)
        looked += len(places)
    assert looked >= 4


async def test_three_hundred_agencies_leave_every_list_of_them_to_be_used(desk: Desk) -> None:
    """Those that somebody has to do with stand first, the rest is found by typing; every page answers."""
    world, house = desk.home.world, desk.home.house
    officer = world.as_("una.price")
    for number in range(MANY):
        name = f"Service {number:03} <b>{ARABIC}</b>"
        agency = {"code": f"service-{number:03}", "name": name, "kind": "health"}
        await officer.post("/v1/agencies", agency)
    lead, office = await desk.signed_in("sam.okafor"), await desk.signed_in("tom.ashby")
    case = f"/cases/{house.case}"
    for browser, address in (
        (lead, f"{case}/exclusions/new"), (lead, f"{case}/seen-by"), (lead, f"{case}/team/new"),
        (lead, f"{case}/referrals/new"), (lead, "/concerns/new"), (office, "/ledger"),
        (office, f"/office{case}/what-if?kind=change_role"), (office, f"/office{case}/overrides/new"),
    ):  # fmt: skip
        page = await browser.get(address)
        assert page.status == 200, address
        assert "<b>" + ARABIC not in page.html, address
        shown = len(page.soup.find_all("input", type=["checkbox", "radio"]))
        assert shown < MANY, f"{address}: {shown} to choose from at once"
    page = await lead.get(f"{case}/exclusions/new")
    asked = {"search": "Service 299"}
    found = await lead.send(page, f"{case}/exclusions/new", **asked)
    assert "Service 299" in found.html
