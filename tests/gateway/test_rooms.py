"""N1 for the room of a meeting: what is said there of somebody else's seat rests on what the chair may know.

Each test asks before and after something happens of which the chair is not told, at one moment: the answers
are the same, to the byte. Whoever invites one person alone would read all of it off a yes that turns into a
no.

Three changes that make this fail: deciding for the seats on all facts, looking at bars, letting an exclusion
count that the chair does not find in the list.
"""

from typing import Any

import pytest

from services.gateway.wording import IN_THE_ROOM
from tests.gateway.areas.bars import a_bar
from tests.gateway.areas.meetings import meeting
from tests.gateway.areas.overrides import override
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING, SCHOOL, YOT, plan_action
from tests.gateway.operations import exclusion
from tests.gateway.test_bars import barred, protected
from tests.gateway.test_explanations import comparable
from tests.gateway.test_meetings import invite, member, plan

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


async def with_one(home: HouseWorld, chair: str, user: str, agency: str, paper: str) -> str:
    """A meeting with one paper, to which one person is invited; its room."""
    session, case = home.world.as_(chair), home.house.case
    one = await plan(session, case, meeting(agenda=[{"topic": "x", "papers": [paper]}]))
    await invite(session, case, one, member(user, agency))
    return f"/v1/cases/{case}/meetings/{one}/room"


async def answer(home: HouseWorld, chair: str, room: str) -> Any:
    """The room as the chair reads it, at a moment that stands still, without what is its own every time."""
    clock = home.world.clock
    now, clock.runs = clock.now, False
    try:
        return comparable(await home.world.as_(chair).send("GET", room))
    finally:
        clock.now, clock.runs = now, True


async def heard(home: HouseWorld, chair: str, room: str, paper: str) -> bool:
    told = await home.world.as_(chair).get(room)
    assert told["limits"] == [IN_THE_ROOM]
    lines = told["entries"]
    [said] = {line["everybody_may_see"] for line in lines if line["entry"] == paper}
    return bool(said)


async def sees_in_full(home: HouseWorld, user: str, paper: str) -> bool:
    response = await home.world.as_(user).send("GET", f"/v1/cases/{home.house.case}")
    found = response.json().get("areas", {}).values()
    return any(e["id"] == paper and e["level"] == "full" for entries in found for e in entries)


@pytest.mark.parametrize("whom", [{"users": ["hana.novak"]}, {"agencies": [HOUSING]}])
async def test_n1_a_bar_of_an_invitee_makes_no_difference_to_the_chair(home: HouseWorld, whom: Json) -> None:
    need = home.house.need
    room = await with_one(home, "nadia.bell", "hana.novak", HOUSING, need)
    before = await answer(home, "nadia.bell", room)
    assert await heard(home, "nadia.bell", room, need)
    async with barred(home, **{"agencies": [], "users": [], "categories": ["learning"], **whom}):
        assert not await sees_in_full(home, "hana.novak", need), "the bar counts"
        listed = await home.world.as_("nadia.bell").send("GET", f"/v1/cases/{home.house.case}/bars")
        assert listed.status_code == 403
        assert await answer(home, "nadia.bell", room) == before
    assert await answer(home, "nadia.bell", room) == before


async def test_n1_an_exclusion_of_another_agency_makes_no_difference_to_a_chair_who_is_not_told(
    own_home: HouseWorld,
) -> None:
    """Housing's is not told of it; the school's, who recorded it, is, and is warned."""
    world, house = own_home.world, own_home.house
    rooms = {
        chair: await with_one(own_home, chair, "sam.okafor", YOT, house.need)
        for chair in ("hana.novak", "nadia.bell")
    }
    assert {await heard(own_home, chair, room, house.need) for chair, room in rooms.items()} == {True}
    before = await answer(own_home, "hana.novak", rooms["hana.novak"])
    said = exclusion(house, agencies=[YOT], categories=["learning"])
    path = f"/v1/cases/{house.case}/exclusions"
    made = await world.as_("nadia.bell").post(path, said)
    listed = (await world.as_("hana.novak").get(path))["exclusions"]
    assert made["id"] not in {one["id"] for one in listed}
    assert not await sees_in_full(own_home, "sam.okafor", house.need), "the exclusion counts"
    assert await answer(own_home, "hana.novak", rooms["hana.novak"]) == before
    assert not await heard(own_home, "nadia.bell", rooms["nadia.bell"], house.need)


async def test_n1_an_override_to_an_invitee_makes_no_difference_to_a_lead_who_is_not_told(
    own_home: HouseWorld,
) -> None:
    """An enquiry may be about the lead; the answer stays the no of before."""
    world, house = own_home.world, own_home.house
    lead = world.as_("sam.okafor")
    owed = {"actions": [plan_action(YOT, ["offending"])]}
    action = (await lead.post(f"/v1/cases/{house.case}/actions", owed))["actions"][0]["id"]
    room = await with_one(own_home, "sam.okafor", "hana.novak", HOUSING, action)
    assert not await heard(own_home, "sam.okafor", room, action)
    before = await answer(own_home, "sam.okafor", room)
    opened = override(house, recipients={"agencies": [HOUSING]}, categories=["offending", "plan"])
    path = f"/v1/cases/{house.case}/overrides"
    await world.as_("tom.ashby").post(path, opened)
    assert await sees_in_full(own_home, "hana.novak", action), "the override counts"
    assert (await lead.get(path))["overrides"] == []
    assert await answer(own_home, "sam.okafor", room) == before


async def test_to_whom_a_protected_address_is_left_is_told_who_in_the_room_may_not_hear_it(
    own_home: HouseWorld,
) -> None:
    """They have to know whom not to tell; so of such a bar they know, here as in who-can-see."""
    world, house = own_home.world, own_home.house
    contact = house.school_contact
    room = await with_one(own_home, "nadia.bell", "grace.obi", SCHOOL, contact)
    assert await heard(own_home, "nadia.bell", room, contact)
    left = protected() | {"agencies": [], "users": ["nadia.bell", "tom.ashby"]}
    await world.as_("tom.ashby").post(f"/v1/cases/{house.case}/bars", a_bar(**left))
    assert not await sees_in_full(own_home, "grace.obi", contact), "the bar counts"
    assert not await heard(own_home, "nadia.bell", room, contact)
