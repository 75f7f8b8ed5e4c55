"""Pledges through the public API: shown to each as they may see them, with the standing of any promise; kept
or missed in the words of those to whom they were given.

Three changes that make this fail: letting the agency that gave a pledge say that it was kept, listing what
was agreed and not pledged, telling the standing of a pledge that is hidden.
"""

from typing import Any

import pytest

from tests.gateway.areas.meetings import action, meeting
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, words
from tests.gateway.test_meetings import invite, member, plan, this_afternoon
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import As, problem

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


def standing_of(pledge: str, home: HouseWorld) -> str:
    return f"/v1/cases/{home.house.case}/pledges/{pledge}/standing"


async def pledges(home: HouseWorld, session: As) -> dict[str, Json]:
    view = await session.get(f"/v1/cases/{home.house.case}/pledges")
    return {line["pledge"]["id"]: line for line in view["pledges"]}


async def pledged_by(home: HouseWorld, agency: str, user: str, **changes: Any) -> str:
    """What an agency promises at a meeting of this afternoon."""
    school, case = home.world.as_("nadia.bell"), home.house.case
    one = await plan(school, case, meeting(starts_at=this_afternoon(home.world)))
    path = f"/v1/cases/{case}/meetings/{one}"
    there = await invite(school, case, one, member(user, agency))
    await school.post(f"{path}/attendance", {"present": [there]})
    body = {"actions": [{**action(agency), **changes}]}
    [pledge] = (await school.post(f"{path}/pledges", body))["actions"]
    await school.post(f"{path}/closing")
    return str(pledge)


async def test_a_services_pledge_is_missed_as_the_familys_promise_is(home: HouseWorld) -> None:
    world, house = home.world, home.house
    mother = world.as_("karen.mercer", person=house.mother)
    missed = {"status": "missed", "what_happened": words("nobody came")}
    pledge = await pledged_by(home, HOUSING, "hana.novak")
    assert (await pledges(home, mother))[pledge]["standing"] == "open"
    assert (await mother.post(standing_of(pledge, home), missed))["status"] == "missed"
    compact = await world.as_("nadia.bell").get(f"/v1/cases/{house.case}/compact")
    family = next(
        one for one in compact["versions"][0]["commitments"]
        if "person" in one["commitment"]["fields"]["promised_by"]
    )  # fmt: skip
    path = f"/v1/cases/{house.case}/compact/commitments/{family['commitment']['id']}/standing"
    if family["standing"] != "missed":
        await world.as_("nadia.bell").post(path, missed)
    compact = await world.as_("nadia.bell").get(f"/v1/cases/{house.case}/compact")
    shown = {one["commitment"]["id"]: one for one in compact["versions"][0]["commitments"]}
    for user in ("nadia.bell", "sam.okafor", "hana.novak"):
        line = (await pledges(home, world.as_(user)))[pledge]
        same = shown[family["commitment"]["id"]]
        assert line.keys() - {"pledge"} == same.keys() - {"commitment"}
        assert line["standing"] == same["standing"] == "missed"
        assert line["pledge"]["fields"]["said_by"] == {"person": house.mother}
    listed = (await world.as_("hana.novak").get("/v1/worklists/promises?limit=100"))["promises"]
    assert pledge not in {one["entry"]["id"] for one in listed}, "nobody waits for it any longer"


async def test_who_gave_a_pledge_says_in_the_plan_how_it_stands(home: HouseWorld) -> None:
    world, house = home.world, home.house
    pledge = await pledged_by(home, HOUSING, "hana.novak")
    housing, kept = world.as_("hana.novak"), {"status": "kept", "what_happened": "We came."}
    refused = await housing.send("POST", standing_of(pledge, home), kept)
    assert (refused.status_code, problem(refused)) == (403, "forbidden")
    listed = (await housing.get("/v1/worklists/promises?limit=100"))["promises"]
    [own] = [one["entry"] for one in listed if one["entry"]["id"] == pledge]
    assert own["fields"]["pledge"] == "pledged"
    etag = (await pledges(home, housing))[pledge]["pledge"]["etag"]
    done = {"status": "done", "outcome": "Every Friday"}
    await housing.patch(f"/v1/cases/{house.case}/actions/{pledge}", done, etag)
    line = (await pledges(home, world.as_("nadia.bell")))[pledge]
    assert (line["pledge"]["fields"]["pledge"], line["standing"]) == ("delivered", "kept")
    for user in ("ben.carver", "kit.vane", "school.coord"):
        response = await world.as_(user).send("POST", standing_of(pledge, home), kept)
        assert response.status_code in (403, 404), user
    assert (await world.as_("nadia.bell").post(standing_of(pledge, home), kept))["status"] == "kept"


async def test_what_was_agreed_and_not_pledged_is_no_pledge(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    listed = await pledges(home, school)
    assert house.pledge in listed
    assert house.action not in listed
    said = {"status": "missed", "what_happened": "x"}
    answers = {
        comparable(await school.send("POST", standing_of(one, home), said))
        for one in (house.action, house.meeting, ABSENT, "not-an-id")
    }
    assert [status for status, *_ in answers] == [404]


async def test_a_pledge_that_one_does_not_see_is_like_one_that_is_not_there(home: HouseWorld) -> None:
    world = home.world
    hidden = await pledged_by(home, CAMHS, "asif.khan", categories=["mental_health"])
    assert hidden in await pledges(home, world.as_("asif.khan"))
    said, compared = {"status": "missed", "what_happened": "x"}, 0
    for user in ("hana.novak", "kit.vane"):
        assert hidden not in await pledges(home, world.as_(user))
        answers = set()
        for one in (hidden, ABSENT):
            answers.add(comparable(await world.as_(user).send("POST", standing_of(one, home), said)))
            compared += 1
        assert len(answers) == 1, user
    assert compared == 4


async def test_the_chair_is_there_and_may_pledge_for_her_own_agency(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    one = await plan(school, house.case, meeting(starts_at=this_afternoon(world)))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    await school.post(f"{path}/attendance", {"present": []})
    [own] = (await school.post(f"{path}/pledges", {"actions": [action(SCHOOL)]}))["actions"]
    assert (await pledges(home, school))[own]["standing"] == "open"
    await school.post(f"{path}/closing")
