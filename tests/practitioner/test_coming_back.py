"""Coming back to a form: after being away, after no answer, and after the right to write in it has ended."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from starlette.routing import Match

from shared.upstream import Unreachable
from tests.practitioner.browser import Browser, Desk, Page
from tests.practitioner.clicked_steps import open_a_case
from tests.practitioner.clicking import somebody
from tests.practitioner.test_assessments import ready_to_sign

pytestmark = pytest.mark.anyio
AWAY = timedelta(minutes=20)
TYPED = "He said so himself, on the way home"
NOT_FORMS = {"/sign-out", "/family", "/drafts", "/drafts/thrown-away"}
"""What begins or ends a visit, and what a page sends besides its form."""


def posts(desk: Desk) -> list[Any]:
    routes = [route for route in desk.app.routes if "POST" in (getattr(route, "methods", None) or ())]
    return [route for route in routes if route.path not in NOT_FORMS]  # type: ignore[attr-defined]


def has_a_page(desk: Desk, address: str) -> bool:
    asked = {"type": "http", "method": "GET", "path": address.partition("?")[0], "headers": []}
    return any(route.matches(asked)[0] == Match.FULL for route in desk.app.routes)


def filled(route: Any) -> str:
    """The address of a route about things that nobody knows."""
    return str(route.path.format(**{name: str(uuid4()) for name in route.param_convertors}))


async def signed_in_and_away(desk: Desk, user: str) -> tuple[Browser, dict[str, str]]:
    """Somebody's browser, and what a form of theirs begins with."""
    browser = await desk.signed_in(user)
    page = await browser.get("/people/new")
    kept = page.filled_in("/people/new")
    return browser, {name: str(kept[name]) for name in ("csrf", "place")}


async def test_whoever_was_away_comes_back_to_a_page_from_every_form(desk: Desk) -> None:
    """Fails when a form is sent to an address without a page, and nobody says on which page it stands."""
    browser, ours = await signed_in_and_away(desk, "sam.okafor")
    desk.home.world.clock.now += AWAY
    tried = 0
    for route in posts(desk):
        page = await browser.ask("POST", filled(route), {**ours, "user": "ruth.amadi"}, follow=False)
        to = page.headers["location"].partition("?to=")[2]
        assert page.status == 303, route.path
        if page.headers["location"] != "/family":
            assert has_a_page(desk, unquote(to)), f"{route.path} leads to {unquote(to)}"
        tried += 1
    assert tried > 90


async def test_whoever_had_no_answer_is_led_to_a_page_from_every_form(desk: Desk) -> None:
    browser, ours = await signed_in_and_away(desk, "sam.okafor")
    desk.line.is_down = True
    try:
        stopped = 0
        for route in posts(desk):
            sent = {**ours, "once": str(uuid4()), "user": "ruth.amadi", "what": "actions"}
            page = await browser.ask("POST", filled(route), sent, follow=False)
            if page.status == 503:
                stopped += 1
                [to] = [to for words, to in page.links.items() if words == "Open the page again"]
                assert has_a_page(desk, to), f"{route.path} leads to {to}"
    finally:
        desk.line.is_down = False
    assert stopped > 60


async def test_the_reason_for_which_somebody_left_is_there_after_being_away(desk: Desk) -> None:
    browser = await desk.signed_in("tom.ashby")
    address = "/leavers/person?user=ruth.amadi"
    page = await browser.get(address)
    desk.home.world.clock.now += AWAY
    typed = {**page.filled_in("/leavers/left"), "left_because": TYPED}
    await browser.ask("POST", "/leavers/left", typed)
    page = await browser.get(f"/sign-in?to={address.replace('?', '%3F')}&user=tom.ashby")
    assert page.status == 200
    assert page.filled_in("/leavers/left")["left_because"] == TYPED
    other = await browser.get("/leavers/person?user=ben.carver")
    assert other.filled_in("/leavers/left")["left_because"] == "", "it is about somebody else"


def says_what_was_typed(page: Page, typed: str = TYPED) -> None:
    assert page.status == 404, page.text
    assert page.heading == "This can no longer be done"
    assert "What you wrote is below; nothing of it was saved." in page.text
    assert [dd.get_text() for dd in page.soup.select("main dd")].count(typed) == 1


async def test_text_stays_where_somebodys_place_on_the_team_ended_while_they_wrote(desk: Desk) -> None:
    house = desk.home.house
    browser, case = await desk.signed_in("hana.novak"), f"/cases/{house.case}"
    lead = desk.home.world.as_("sam.okafor")
    opened = {
        end: await browser.get(f"{case}/{end}") for end in ("contacts/new", "meetings/new", "plan/goals/new")
    }
    assert {page.status for page in opened.values()} == {200}
    team = (await lead.get(f"/v1/cases/{house.case}"))["header"]["team"]
    place = next(one for one in team if one["user"] == "hana.novak")
    path, why = f"/v1/cases/{house.case}/team/{place['id']}", {"reason": "She moves to another county"}
    assert (await lead.send("DELETE", path, why)).status_code == 200
    told = set()
    for end, page in opened.items():
        name = str(page.form(f"{case}/{end}").find("textarea")["name"])  # type: ignore[index]
        refused = await browser.send(page, f"{case}/{end}", **{name: TYPED})
        says_what_was_typed(refused)
        told.add(refused.text.partition("What you had typed")[0])
        again = await browser.get(f"{case}/{end}")
        assert (again.status, again.heading) == (404, "Page not found")
        assert TYPED in again.text, "what was typed stays to be had"
        gone = await browser.send(again, "/drafts/thrown-away")
        assert gone.address == "/"
        assert TYPED not in (await browser.get(f"{case}/{end}")).text
    absent = opened["contacts/new"].filled_in(f"{case}/contacts/new")
    nowhere = await browser.ask("POST", f"/cases/{uuid4()}/contacts/new", {**absent, "note": TYPED})
    told.add(nowhere.text.partition("What you had typed")[0])
    assert len(told) == 1, "a case that is hidden is told of as one that never was"


async def test_text_stays_where_the_assessment_was_signed_while_somebody_wrote(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    draft = await ready_to_sign(browser, desk)
    address = f"{draft}/about/participation/need"
    page = await browser.get(address)
    kept = {**page.filled_in(address), "narrative": TYPED, "page": address}
    assert (await browser.ask("POST", "/drafts", kept, follow=False)).status == 204
    signature = await browser.get(f"{draft}/signature")
    signed = await browser.send(
        signature, f"{draft}/signature", child_or_young_person="agreed", parent_or_carer="agreed",
        no_voice_reason="He was away",
    )  # fmt: skip
    assert signed.address == draft, signed.mistakes
    says_what_was_typed(await browser.send(page, address, narrative=TYPED))
    back = await browser.get(address)
    assert (back.status, TYPED in back.text) == (404, True)


async def test_text_stays_where_a_permission_was_taken_back_a_moment_before(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    browser, school = await desk.signed_in("nadia.bell"), world.as_("nadia.bell")
    path = f"/v1/cases/{house.case}/consents"
    mother = next(one for one in (await school.get(path))["consents"] if one["withdrawn_at"] is None)
    address = f"/cases/{house.case}/permissions/{mother['id']}/withdrawal"
    page = await browser.get(address)
    assert page.status == 200
    await school.post(f"{path}/{mother['id']}/withdrawal", {"withdrawn_by": mother["giver"]})
    page = await browser.send(page, address, note=TYPED, withdrawn_by=mother["giver"])
    says_what_was_typed(page)


async def test_text_stays_where_the_address_takes_no_form(desk: Desk) -> None:
    browser, ours = await signed_in_and_away(desk, "nadia.bell")
    for address, status in ((f"/cases/{desk.home.house.case}", 405), ("/nothing-of-ours", 404)):
        page = await browser.ask("POST", address, {**ours, "worry": TYPED})
        assert (page.status, TYPED in page.text) == (status, True), address


async def test_what_was_given_back_stays_until_it_is_sent_or_thrown_away(desk: Desk) -> None:
    """Also when it is left and opened again, and when there is no answer in between."""
    browser, address = await desk.signed_in("nadia.bell"), "/people/new"
    page = await browser.get(address)
    desk.home.world.clock.now += AWAY
    await browser.send(page, address, given_names=TYPED)
    await browser.get(f"/sign-in?to={address}&user=nadia.bell")
    for _ in range(2):
        page = await browser.get(address)
        assert page.filled_in(address)["given_names"] == TYPED
        assert "You were signed out" in page.text
    desk.line.answers_next = Unreachable()
    desk.line.is_reached = False
    assert (await browser.send(page, address)).status == 503
    desk.line.is_reached = True
    for _ in range(2):
        page = await browser.get(address)
        assert page.filled_in(address)["given_names"] == TYPED
    page = await browser.send(page, "/drafts/thrown-away")
    assert (page.address, page.filled_in(address)["given_names"]) == (address, "")


async def test_text_stays_where_the_case_was_closed_while_somebody_wrote(desk: Desk) -> None:
    mentor = await somebody(desk, "nadia.bell")
    await open_a_case(mentor, "Ann", "Marsh", 11, "She asked", desk.home.world.clock.now.date())
    case = mentor.page.address
    browser, address = await desk.signed_in("nadia.bell"), f"{case}/contacts/new"
    page = await browser.get(address)
    assert page.status == 200
    await desk.home.world.as_("nadia.bell").post(f"/v1{case}/closure", {"reason": "other"})
    says_what_was_typed(await browser.send(page, address, note=TYPED))
