"""What to know before a visit, who is worried, and when the team looks again."""

from datetime import timedelta

import pytest

from clients.practitioner.presenters.reviews import OUTCOMES, is_late
from shared.records.reviews import ReviewOutcome
from tests.practitioner.browser import Desk
from tests.practitioner.clicking import somebody

pytestmark = pytest.mark.anyio
HOSTILE = 'Ring first "><b id=planted> {{ 7 * 7 }}'


async def test_a_warning_for_visitors_stands_on_the_case_until_it_is_over(desk: Desk) -> None:
    lead = await somebody(desk, "sam.okafor")
    lead.page = await lead.browser.get(f"/cases/{desk.home.house.case}")
    await lead.follow("Visits and worries")
    await lead.follow("Say what whoever visits must do")
    assert await lead.press_in_vain("Save", instruction=HOSTILE) == ["Fill this in."]
    until = desk.home.world.clock.now.date() + timedelta(days=30)
    await lead.press("Save", expires_on=until)
    lead.sees("Ring first")
    assert lead.page.soup.find(id="planted") is None
    await lead.follow("The case")
    lead.sees("Before you visit", "Ring first")
    await lead.follow("Visits and worries")
    await lead.follow("It is over", "Ring first")
    await lead.press("It is over", reason="They moved away")
    assert not lead.offers("It is over : Ring first")
    await lead.follow("The case")
    lead.does_not_see("Ring first")


async def test_a_worry_says_whom_to_ring_about_it(desk: Desk) -> None:
    lead = await somebody(desk, "sam.okafor")
    lead.page = await lead.browser.get(f"/cases/{desk.home.house.case}/flags")
    await lead.follow("Say that your service is worried")
    until = desk.home.world.clock.now.date() + timedelta(days=30)
    typed = {"level": "We are worried", "message": "Out after midnight twice", "call_name": "Sol Weir"}
    mistakes = await lead.press_in_vain("Save", expires_on=until, call_telephone="not a number", **typed)
    assert mistakes == ["Write a telephone number: digits, spaces, and + or ext where needed."]
    await lead.press("Save", call_telephone="01632 960180")
    lead.sees("We are worried.", "Sol Weir")
    await lead.follow("The case")
    lead.sees("Who is worried", "01632 960180")


async def test_a_review_is_said_with_its_outcome_and_the_day_of_the_next_stands_on_the_case(
    desk: Desk,
) -> None:
    today = desk.home.world.clock.now.date()
    lead = await somebody(desk, "sam.okafor")
    lead.page = await lead.browser.get(f"/cases/{desk.home.house.case}")
    await lead.follow("Reviews")
    await lead.follow("Say how it goes")
    mistakes = await lead.press_in_vain("Save", review_on=today + timedelta(days=7), outcome="It goes slowly")
    assert len(mistakes) == 1, "an outcome without its day"
    await lead.press("Save", held_on=today, note=HOSTILE)
    lead.sees("it goes slowly", "Ring first")
    await lead.follow("The case")
    lead.sees("The team looks again on 10 March 2031.")


async def test_a_day_that_somebody_sees_to_is_put_off_by_who_looked_and_handed_on_at_the_end(
    desk: Desk,
) -> None:
    world = desk.home.world
    today, school = world.clock.now.date(), world.as_("nadia.bell")
    opened = {"person": desk.home.house.child, "reason": "She asked", "opener": {"job_title": "Mentor"}}
    case = f"/cases/{(await school.post('/v1/cases', opened))['id']}"
    mentor = await somebody(desk, "nadia.bell")
    mentor.page = await mentor.browser.get(f"{case}/reviews/new")
    await mentor.press("Save", review_on=today + timedelta(days=7), at_risk="Yes", owner="Nadia Bell")
    mentor.page = await mentor.browser.get(f"{case}/reviews/new")
    later = today + timedelta(days=28)
    [mistake] = await mentor.press_in_vain("Save", review_on=later)
    assert mistake.startswith("Somebody on the team sees to this review.")
    assert mentor.page.soup.select_one("#held_on .govuk-input--error") is not None
    await mentor.press("Save", held_on=today, outcome="It goes slowly")
    mentor.sees("31 March 2031", "it goes slowly")
    closure = {"reason": "needs_met", "watched_over_by": HOSTILE}
    await school.post(f"/v1{case}/closure", closure)
    guard = await somebody(desk, "school.guard")
    guard.page = await guard.browser.get(f"{case}/reviews")
    guard.sees("Said when the case was closed", "Watched over from then on by Ring first")
    assert guard.page.soup.find(id="planted") is None


def test_a_review_is_late_the_day_after_and_in_an_open_case_alone() -> None:
    header = {"state": "open", "review_on": "2031-03-03"}
    assert [is_late(header, day) for day in ("2031-03-03", "2031-03-04")] == [False, True]
    assert not is_late({**header, "state": "closed"}, "2031-03-04")
    assert not is_late({**header, "review_on": None}, "2031-03-04")
    assert {code for code, _ in OUTCOMES} == set(ReviewOutcome)
