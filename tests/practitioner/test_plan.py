"""The plan in full: agreed, answered for, said how it stands; and what is late is plainly late."""

from datetime import date, timedelta
from typing import Any

import pytest

from clients.practitioner.presenters.plan import plan_page_of
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, YOT, plan_action
from tests.practitioner.browser import Desk, Page

pytestmark = pytest.mark.anyio


def plan(desk: Desk, more: str = "/plan") -> str:
    return f"/cases/{desk.home.house.case}{more}"


def in_a_week(desk: Desk, name: str) -> dict[str, str]:
    day = desk.home.world.clock.now.date() + timedelta(days=7)
    return {f"{name}__day": str(day.day), f"{name}__month": str(day.month), f"{name}__year": str(day.year)}


def links_to(page: Page, end: str) -> list[str]:
    return [address for address in page.links.values() if address.endswith(end)]


async def test_each_is_offered_what_their_service_owes_and_no_more(desk: Desk) -> None:
    housing = await (await desk.signed_in("hana.novak")).get(plan(desk))
    school = await (await desk.signed_in("nadia.bell")).get(plan(desk))
    volunteer = await (await desk.signed_in("ben.carver")).get(plan(desk))
    assert [bool(links_to(page, "/decline")) for page in (housing, school, volunteer)] == [True, False, False]
    assert links_to(housing, "/status")
    assert links_to(school, "/plan/actions/new")
    assert not links_to(volunteer, "/plan/actions/new")
    assert volunteer.status == 200


async def test_an_action_is_agreed_once_accepted_in_part_and_its_outcome_told(desk: Desk) -> None:
    school = await desk.signed_in("nadia.bell")
    new = plan(desk, "/plan/actions/new")
    page = await school.send(await school.get(new), new, action="Mend the <script>alert(1)</script> roof")
    assert page.status == 422
    assert len(page.mistakes) == 3
    assert all(
        page.soup.find(id=str(a["href"])[1:]) for a in page.soup.select(".govuk-error-summary__list a")
    )
    assert page.filled_in(new)["action"] == "Mend the <script>alert(1)</script> roof"
    assert "<script>alert" not in page.html
    said = {"desired_outcome": "A dry room", "accountable": HOUSING, **in_a_week(desk, "by_when")}
    done = [await school.send(page, new, **said) for _ in range(2)]
    headings = [one.get_text() for one in done[1].soup.find_all("h3")]
    assert sum("Mend the" in heading for heading in headings) == 1
    housing = await desk.signed_in("hana.novak")
    page = await housing.get(plan(desk))
    part = next(address for words, address in page.links.items() if words.startswith("Accept a part : Mend"))
    page = await housing.send(await housing.get(part), part, part="The roof of the kitchen")
    assert page.status == 422
    page = await housing.send(page, part, reason="The rest is let to others")
    assert "Accepted in part: The roof of the kitchen. Why: The rest is let to others" in page.text
    status = next(
        address for words, address in page.links.items() if words.startswith("Say how it stands : Mend")
    )
    assert not [words for words in page.links if words.startswith("Accept a part : Mend")]
    page = await housing.send(await housing.get(status), status, status="done")
    assert page.status == 422
    page = await housing.send(page, status, outcome="It is dry")
    assert "What came of it: It is dry" in page.text
    assert not [words for words in page.links if words.startswith("Say how it stands : Mend")]


async def test_two_tabs_do_not_write_over_each_other(desk: Desk) -> None:
    lead = await desk.signed_in("sam.okafor")
    status = links_to(await lead.get(plan(desk)), "/status")[0]
    first, second = await lead.get(status), await lead.get(status)
    page = await lead.send(first, status, status="in_progress")
    assert page.address == plan(desk)
    page = await lead.send(second, status, status="not_done", outcome="Typed in the other tab")
    assert page.status == 422
    assert "changed" in page.mistakes[0]
    assert page.filled_in(status)["outcome"] == "Typed in the other tab"


async def test_news_is_asked_for_and_a_goal_reached(desk: Desk) -> None:
    school = await desk.signed_in("nadia.bell")
    page = await school.get(plan(desk))
    news = [
        str(form["action"]) for form in page.soup.find_all("form") if str(form["action"]).endswith("/news")
    ]
    page = await school.send(page, news[0])
    assert "Somebody asked how it goes, once." in page.text
    new = plan(desk, "/plan/goals/new")
    page = await school.send(await school.get(new), new)
    assert page.status == 422
    page = await school.send(page, new, goal="I want to be back with my class")
    ending = next(address for words, address in page.links.items() if "back with my class" in words)
    page = await school.send(await school.get(ending), ending, status="reached")
    assert page.status == 422
    page = await school.send(page, ending, what_came_of_it="Every day since March")
    assert "Every day since March" in page.text


async def test_who_does_not_owe_it_finds_no_page_to_answer(desk: Desk) -> None:
    housing = await desk.signed_in("hana.novak")
    status = links_to(await housing.get(plan(desk)), "/status")[0]
    school = await desk.signed_in("nadia.bell")
    assert (await school.get(status)).status == 404
    assert (await (await desk.signed_in("ben.carver")).get(plan(desk, "/plan/goals/new"))).status == 404


def an_action(**fields: Any) -> dict[str, Any]:
    return {
        "id": "a", "kind": "action", "owner": SCHOOL,
        "fields": {"action": "Ring", "by_when": "2031-01-01", "accountable": YOT, **fields},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "late"), [("agreed", 3), ("in_progress", 3), ("done", 0), ("declined", 0)]
)
def test_what_is_over_is_not_late(status: str, late: int) -> None:
    view = {"may": [], "areas": {"plan": [], "assessment": []}, "header": {"state": "open"}}
    standing = {
        "action": "a",
        "standing": "late",
        "age_days": 9,
        "late_days": 3,
        "asked": 0,
        "needs": [],
        "waits_for_itself": False,
    }
    answer = {"entries": [an_action(status=status)], "follow_up": [{**standing, "goal": None}]}
    [action] = plan_page_of(view, answer, {}, SCHOOL).actions
    assert action.late_days == late
    assert action.who == "Youth offending"
    assert date.fromisoformat(action.by_when or "") < date(2031, 1, 2)


@pytest.mark.parametrize(("pledge", "late"), [("pledged", 3), ("delivered", 3), ("kept", 0), ("missed", 0)])
def test_what_was_said_of_a_pledge_is_how_it_stands(pledge: str, late: int) -> None:
    """Fails when a pledge that was kept stands there as late, because its service said nothing more."""
    view = {"may": ["contribute"], "areas": {"plan": [], "assessment": []}, "header": {"state": "open"}}
    standing = {
        "action": "a",
        "late_days": 3,
        "asked": 0,
        "needs": [],
        "waits_for_itself": False,
        "goal": None,
    }
    answer = {"entries": [an_action(status="agreed", pledge=pledge)], "follow_up": [standing]}
    [action] = plan_page_of(view, answer, {}, "a-school").actions
    assert action.late_days == late
    assert action.status == (pledge if late == 0 else "agreed")
    assert action.may_ask_for_news is (late > 0)


def test_goals_of_the_assessment_stand_on_the_plan_as_on_the_overview() -> None:
    goal = {"id": "g", "kind": "goal", "owner": "hill-school", "fields": {"text": "Sleep through"}}
    need = {**goal, "id": "n", "kind": "need"}
    areas = {"plan": [], "assessment": [need, goal, {**goal, "fields": {}}]}
    view = {"may": [], "header": {"state": "open"}, "areas": areas}
    page = plan_page_of(view, {"entries": [], "follow_up": []}, {}, None)
    assert (page.goals, page.goals_of_assessments) == ([], ["Sleep through"])


async def test_the_plan_says_that_there_is_no_goal_only_where_none_is_shown(desk: Desk) -> None:
    page = await (await desk.signed_in("sam.okafor")).get(plan(desk, "/plan"))
    assert "From the assessment" in page.text
    assert "No goal that you can see" not in page.text


async def test_an_action_waits_for_another_until_somebody_says_that_it_does_not(desk: Desk) -> None:
    school = await desk.signed_in("nadia.bell")
    page = await school.get(plan(desk))
    needs = [to for to in page.links.values() if to.endswith("/needs")]
    assert len(needs) >= 2
    address, other = needs[0], needs[1].rsplit("/", 2)[1]
    page = await school.get(address)
    assert "It waits for nothing that you can see." in page.text
    missing = await school.send(page, address)
    assert (missing.status, missing.mistakes) == (422, ["Fill this in."])
    page = await school.send(missing, address, needs=other)
    [ending] = [action for action in page.actions if action.endswith("/ending")]
    assert ending == f"{address}/{other}/ending"
    assert "Waits for:" in (await school.get(plan(desk))).text
    circle = f"/cases/{desk.home.house.case}/actions/{other}/needs"
    first = address.rsplit("/", 2)[1]
    refused = await school.send(await school.get(circle), circle, needs=first)
    assert (refused.status, len(refused.mistakes)) == (422, 1), "what waits for itself is never done"
    page = await school.send(page, ending)
    assert "It waits for nothing that you can see." in page.text
    reader = await desk.signed_in("ben.carver")
    assert (await reader.get(address)).status == 404


async def test_a_signed_assessment_is_carried_into_the_plan_once_without_retyping(desk: Desk) -> None:
    school = await desk.signed_in("nadia.bell")
    page = await school.get(plan(desk))
    [address] = [to for to in page.links.values() if "/plan/carried-over/" in to]
    page = await school.get(address)
    assert page.heading == "Carry over from the assessment"
    wrong = await school.send(page, address)
    assert (wrong.status, wrong.mistakes) == (422, ["Choose what is carried into the plan."])
    before = len((await desk.home.world.as_("nadia.bell").get(_api(desk, "goals")))["entries"])
    await school.send(wrong, address, what="goals", reveals="something")
    done = await school.send(wrong, address, what="goals", reveals="something")
    assert (done.status, done.address) == (200, plan(desk))
    goals = (await desk.home.world.as_("nadia.bell").get(_api(desk, "goals")))["entries"]
    assert len(goals) == before + 1
    left = [to for to in done.links.values() if "/plan/carried-over/" in to]
    if left:
        assert "of its goals" not in (await school.get(left[0])).text
    else:
        assert (await school.get(address)).status == 404
    stranger = await desk.signed_in("ben.carver")
    assert (await stranger.get(address)).status == 404


def _api(desk: Desk, end: str) -> str:
    return f"/v1/cases/{desk.home.house.case}/{end}"


async def test_whoever_sees_all_of_a_circle_is_told_that_it_is_one(desk: Desk) -> None:
    """The one who closed it did not see all of it: to them nothing stands there."""
    world, case = desk.home.world, f"/v1/cases/{desk.home.house.case}"
    camhs, housing = world.as_("asif.khan"), world.as_("hana.novak")
    shown = [plan_action(YOT), plan_action(HOUSING)]
    first, last = [a["id"] for a in (await housing.post(f"{case}/actions", {"actions": shown}))["actions"]]
    held = {**plan_action(CAMHS, ["mental_health"]), "needs": [last]}
    [hidden] = (await camhs.post(f"{case}/actions", {"actions": [held]}))["actions"]
    await camhs.post(f"{case}/actions/{first}/dependencies", {"needs": hidden["id"]})
    await housing.post(f"{case}/actions/{last}/dependencies", {"needs": first})
    for user, times in (("asif.khan", 3), ("hana.novak", 0)):
        page = await (await desk.signed_in(user)).get(plan(desk))
        assert page.text.count("this waits for itself") == times, user
