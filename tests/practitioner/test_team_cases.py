"""Lists of managers and co-ordinators, and finding somebody to lead what nobody leads."""

from datetime import date

import pytest

from deploy.stories.steps import agree_to_take_part, open_case, record_person
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
HOSTILE = "<script>alert(1)</script>"


async def test_a_manager_finds_the_cases_of_their_team_by_list(desk: Desk) -> None:
    browser = await desk.signed_in("grace.obi")
    page = await browser.get("/team-cases")
    assert page.heading == "My team’s cases"
    assert f"/cases/{desk.home.house.case}" in page.links.values()
    assert f"/cases/{desk.home.house.other_case}" not in page.links.values()
    assert (await browser.get("/team-cases?show=review_overdue")).heading == "Reviews that are late"
    unled = await browser.get(page.links["Nobody in charge"])
    assert (unled.heading, "Find somebody to lead" in unled.text) == ("Cases that nobody leads", False)
    assert (await browser.get(f"/team-cases?show={HOSTILE}")).heading == "My team’s cases"
    assert (await browser.get(f"/team-cases/{desk.home.house.case}/lead")).status == 404


async def test_a_coordinator_begins_with_what_nobody_leads_and_asks_somebody_once(desk: Desk) -> None:
    world = desk.home.world
    school = world.as_("nadia.bell")
    child = await record_person(school, "Robin " + HOSTILE, None, date(1990, 4, 2))
    case = await open_case(school, child, [], "Nobody leads yet")
    await agree_to_take_part(school, case, child, child, "adult")
    browser = await desk.signed_in("paul.ensor")
    page = await browser.get((await browser.get("/team-cases")).links["Nobody in charge"])
    assert page.heading == "Cases that nobody leads"
    address = f"/team-cases/{case}/lead"
    assert address in page.links.values()
    assert "<script>alert" not in page.html
    page = await browser.get(address)
    assert "Nadia Bell" in page.text
    wrong = await browser.send(page, address)
    assert wrong.status == 422
    assert wrong.mistakes
    [member] = (await school.get(f"/v1/cases/{case}/team"))["team"]
    for _ in range(2):
        done = await browser.send(wrong, address, member=member["id"])
        assert done.status == 200
    nominations = (await school.get(f"/v1/cases/{case}/lead-professional"))["nominations"]
    assert [one["user"] for one in nominations] == ["nadia.bell"]
    page = await browser.get(address)
    assert "was asked and has not answered yet" in page.text
    assert page.soup.find("form", action=address) is None
    assert (await browser.get("/team-cases/20000000-0000-4000-8000-000000000000/lead")).status == 404
