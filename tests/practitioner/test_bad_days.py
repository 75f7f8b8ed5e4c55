"""Bad days: two tabs, a case that is hidden meanwhile, names from right to left, and three hundred agencies.
What is lost on the way or sent twice, from every form, stands in ``test_nothing_typed_is_lost``."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

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
    said = {"outcome": "spoken_to", "note": typed, "when__day": "3", "when__month": "4", "time": "14:30"}
    gone = await browser.send(page, address, **said)
    absent = await browser.ask(
        "POST", address.replace(case, "20000000-0000-4000-8000-000000000000"), page.filled_in(address)
    )
    assert (
        (gone.status, gone.heading) == (absent.status, absent.heading) == (404, "This can no longer be done")
    )
    assert (await browser.get(f"/cases/{case}")).status == 404
    shown = dict(zip(_texts(gone, "dt"), _texts(gone, "dd"), strict=True))
    assert {name: shown[name] for name in ("Note", "Outcome", "Time")} == {
        "Note": typed, "Outcome": "spoken_to", "Time": "14:30",
    }  # fmt: skip
    assert shown["When"] == "3 4"
    for hidden in ("court", "bar "):
        assert hidden not in gone.text.lower()


def _texts(page: Page, name: str) -> list[str]:
    return [one.get_text() for one in page.soup.select(f"main {name}")]


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


async def three_hundred_agencies(desk: Desk) -> None:
    officer = desk.home.world.as_("una.price")
    for number in range(MANY):
        name = f"Service {number:03} <b>{ARABIC}</b>"
        kind = "police" if number % 2 else "health"
        agency = {"code": f"service-{number:03}", "name": name, "kind": kind}
        await officer.post("/v1/agencies", agency)


def offered(page: Page, field: str) -> list[str]:
    """The services that a list of a form offers."""
    return [str(option["value"]) for option in page.soup.select(f"select[name={field}] option")]


async def test_three_hundred_agencies_leave_every_list_of_them_to_be_used(desk: Desk) -> None:
    """Those that somebody has to do with stand first, the rest is found by a part of their name, without
    scripts; every page answers, and what was typed or chosen meanwhile stays."""
    house = desk.home.house
    await three_hundred_agencies(desk)
    lead, office = await desk.signed_in("sam.okafor"), await desk.signed_in("tom.ashby")
    partner = await desk.signed_in("una.price")
    case = f"/cases/{house.case}"
    meeting = await meeting_of(desk)
    lists = (
        (lead, f"{case}/team/new", "agency"), (lead, f"{case}/referrals/new", "agency"),
        (lead, f"{case}/plan/actions/new", "accountable"), (lead, f"{case}/sharing-requests/new", "owner"),
        (lead, f"{case}/authorities/new", "holder_agency"), (lead, f"{meeting}/invitations/new", "agency"),
        (lead, f"{meeting}/decisions/new", "accountable"), (lead, f"{meeting}/pledges/new", "accountable"),
        (lead, f"{case}/compact/new", "promised_by-0"), (office, "/ledger", "agency"),
        (office, f"/office{case}/what-if?kind=change_role", "agency"),
        (office, f"/office{case}/bars/new", "custodian_agency"), (partner, "/agreements/new", "recipient"),
        (lead, "/concerns/new", "recipient"),
    )  # fmt: skip
    for browser, address, field in lists:
        page, path = await browser.get(address), address.partition("?")[0]
        assert page.status == 200, address
        assert "<b>" + ARABIC not in page.html, address
        assert 10 < len(offered(page, field)) < 80, f"{address}: {len(offered(page, field))} at once"
        last = "agency:service-299" if field.startswith("promised_by") else "service-299"
        assert last not in offered(page, field), address
        search = "search" if field.startswith("promised_by") else f"find_{field}"
        text = next((one["name"] for one in page.soup.select(f"form[action='{path}'] textarea")), None)
        typed = {**page.filled_in(path), search: "service 299", "do": "search"}
        typed |= {str(text): "Written before"} if text else {}
        method = "GET" if path == "/ledger" else "POST"
        at = f"{path}?{urlencode(typed)}" if method == "GET" else path
        found = await browser.ask(method, at, {} if method == "GET" else typed)
        assert (found.status, found.mistakes) == (200, []), (address, found.mistakes)
        assert last in offered(found, field), address
        assert text is None or found.filled_in(path)[str(text)] == "Written before", address
        again = {**found.filled_in(path), field: last, search: "nothing like it", "do": "search"}
        at = f"{path}?{urlencode(again)}" if method == "GET" else path
        kept = await browser.ask(method, at, {} if method == "GET" else again)
        assert kept.filled_in(path)[field] == last, f"{address}: what was chosen is lost"


async def meeting_of(desk: Desk) -> str:
    lead, case = await desk.signed_in("sam.okafor"), f"/cases/{desk.home.house.case}"
    page = await lead.get(f"{case}/meetings/new")
    day = desk.home.world.clock() + timedelta(days=3)
    made = await lead.send(
        page, f"{case}/meetings/new", meeting_kind="team_meeting", title="Six weeks on", time="10:30",
        starts__day=str(day.day), starts__month=str(day.month), starts__year=str(day.year),
    )  # fmt: skip
    assert made.status == 200, made.mistakes
    return made.address


async def test_three_hundred_agencies_are_ticked_from_a_short_list(desk: Desk) -> None:
    house = desk.home.house
    lead, office = await desk.signed_in("sam.okafor"), await desk.signed_in("tom.ashby")
    case = f"/cases/{house.case}"
    for browser, address in (
        (lead, f"{case}/exclusions/new"), (lead, f"{case}/seen-by"), (lead, "/concerns/new"),
        (office, f"/office{case}/overrides/new"), (office, f"/office{case}/bars/new"),
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
