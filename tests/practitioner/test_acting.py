"""In which role somebody acts: seen on every page, chosen by those who have several, and never mixed up."""

from datetime import timedelta

import pytest

from clients.practitioner.presenters.acting import chosen_purpose, places_of, purposes_of
from deploy.stories.task_force import HOUSING, IN_TWO_PLACES, JOBCENTRE, tell
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
HOUSING_PLACE, JOBCENTRE_PLACE = f"{HOUSING} practitioner", f"{JOBCENTRE} practitioner"
CONCERN = {"recipient": "borough-police", "name": "Tina Marlow", "worry": "Shouting since three"}


async def act_in(browser: Browser, place: str) -> Page:
    page = await browser.get("/acting")
    return await browser.send(page, "/acting", acting=place)


def who(page: Page) -> str:
    """What the bar at the top says of who is there."""
    bar = page.soup.find(class_="app-header__who")
    assert bar is not None
    return bar.get_text(" ", strip=True)


async def test_whoever_has_several_roles_is_asked_first_and_comes_to_the_page_they_wanted(desk: Desk) -> None:
    browser = desk.browser()
    page = await browser.get("/sign-in?to=/people/find&user=will.marsh")
    assert (page.address, page.heading) == ("/acting", "In which role do you act?")
    assert "Tidewater Housing, practitioner" in page.text
    assert "Jobcentre East, practitioner" in page.text
    page = await browser.send(page, "/acting")
    assert (page.status, page.mistakes) == (422, ["Choose the role in which you act."])
    page = await browser.send(page, "/acting", acting="borough-police practitioner")
    assert page.status == 422, "a role that he does not hold"
    page = await browser.send(page, "/acting", acting=HOUSING_PLACE)
    assert (page.address, page.heading) == ("/people/find", "Find a person")


async def test_the_task_force_officer_gets_two_pages_of_one_case(desk: Desk) -> None:
    world = desk.home.world
    story = await tell(world.api, world.clock)
    browser = await desk.signed_in(IN_TWO_PLACES)
    pages = {}
    for place in (HOUSING_PLACE, JOBCENTRE_PLACE):
        await act_in(browser, place)
        pages[place] = await browser.get(f"/cases/{story.case}")
    assert "Tidewater Housing" in who(pages[HOUSING_PLACE])
    assert "Jobcentre East" in who(pages[JOBCENTRE_PLACE])
    assert "Asthma, worse since the damp came through" in pages[HOUSING_PLACE].text
    assert "Asthma" not in pages[JOBCENTRE_PLACE].text
    assert "Tidewater Housing holds more" in pages[JOBCENTRE_PLACE].text


async def test_the_bar_of_every_page_says_for_whom_one_acts(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    for address in ("/", "/to-do", "/people/find", "/concerns/new", f"/cases/{desk.home.house.case}"):
        page = await browser.get(address)
        assert "Hana Novak, practitioner, Tidewater Housing" in who(page), address
        assert "/acting" not in page.links.values(), "there is nothing to choose"


async def test_a_form_of_one_role_is_never_sent_in_another_and_is_kept_for_its_own(desk: Desk) -> None:
    browser = await desk.signed_in(IN_TWO_PLACES)
    await act_in(browser, HOUSING_PLACE)
    form = await browser.get("/concerns/new")
    await act_in(browser, JOBCENTRE_PLACE)
    page = await browser.send(form, "/concerns/new", **CONCERN)
    assert (page.status, page.heading) == (409, "You changed your role meanwhile")
    assert (await browser.get("/concerns/new")).filled_in("/concerns/new")["worry"] == ""
    await act_in(browser, HOUSING_PLACE)
    page = await browser.get("/concerns/new")
    assert page.filled_in("/concerns/new")["worry"] == CONCERN["worry"]
    assert "Nothing of it was sent yet" in page.text


async def test_whoever_was_away_comes_back_into_the_same_role_and_finds_what_they_typed(desk: Desk) -> None:
    browser = await desk.signed_in(IN_TWO_PLACES)
    await act_in(browser, JOBCENTRE_PLACE)
    form = await browser.get("/concerns/new")
    desk.home.world.clock.now += timedelta(minutes=20)
    stopped = await browser.ask(
        "POST", "/concerns/new", {**form.filled_in("/concerns/new"), **CONCERN}, follow=False
    )
    page = await browser.get(stopped.headers["location"] + f"&user={IN_TWO_PLACES}")
    assert page.address == "/concerns/new"
    assert "Jobcentre East" in who(page)
    assert page.filled_in("/concerns/new")["worry"] == CONCERN["worry"]
    stranger = await browser.get("/sign-in?user=sam.okafor")
    assert "Youth Offending" in who(stranger)


async def test_another_purpose_needs_a_reason_and_stands_on_the_receipt(desk: Desk) -> None:
    browser, case = await desk.signed_in("dev.patel"), desk.home.house.case
    page = await browser.get("/acting")
    page = await browser.send(page, "/acting", acting="harbour-social-care safeguarding_lead")
    assert page.address == "/acting/purpose"
    page = await browser.send(page, "/acting/purpose", purpose="safeguarding")
    assert page.mistakes == ["Say why. It is written down with all that you look at."]
    page = await browser.send(page, "/acting/purpose", purpose="enforcement", reason="A worry")
    assert page.mistakes == ["Choose what you look for."]
    page = await browser.send(page, "/acting/purpose", purpose="safeguarding", reason="A bruise, Zoë saw it")
    assert page.address == "/"
    assert "Safeguarding" in who(page)
    await browser.get(f"/cases/{case}")
    [newest] = await desk.home.world.receipts_now("dev.patel")
    assert (newest["purpose"], newest["reason"]) == ("safeguarding", "A bruise, Zoë saw it")


async def test_whoever_has_one_purpose_has_no_page_to_choose_it(desk: Desk) -> None:
    assert (await (await desk.signed_in("hana.novak")).get("/acting/purpose")).status == 404


def test_a_role_held_twice_is_offered_once_and_the_ordinary_purpose_stands_first() -> None:
    role = {
        "agency": "a-b", "role": "safeguarding_lead", "purposes": ["safeguarding", "support"],
        "ordinary_purpose": "support",
    }  # fmt: skip
    assert [place.words for place in places_of([role, role])] == ["A b, safeguarding lead"]
    assert [purpose for purpose, _ in purposes_of(role)] == ["support", "safeguarding"]
    assert chosen_purpose("support", "", role["purposes"], "support") == {}
    assert "reason" in chosen_purpose("safeguarding", "x" * 501, role["purposes"], "support")
