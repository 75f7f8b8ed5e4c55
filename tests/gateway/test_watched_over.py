"""Who is watched over, through the public API: the level of need that draws a review nearer, the ladder that
a missed one climbs, and how little a panel's member sees.

Three changes that make this fail: a review as late as somebody asks for whatever the need, a rung that is
climbed a day early or told to another agency, a panel's member with a practitioner's view.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.gateway.areas.meetings import meeting
from tests.gateway.conftest import HouseWorld
from tests.gateway.hidden_casework import clocks_run
from tests.gateway.test_meetings import PAM, invite, plan
from tests.support.gateway import As, World, fields_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
FULL_FOR_A_PANEL = {"plan"}
NEVER_FOR_A_PANEL = {
    "contact", "health", "mental_health", "substance_use", "sexual_health", "safeguarding", "domestic_abuse",
    "equality",
}  # fmt: skip
"""At most that somebody holds something."""


async def a_case(world: World, child: str) -> str:
    opened = {"person": child, "reason": "She asked", "opener": {"job_title": "Mentor"}}
    return f"/v1/cases/{(await world.as_('nadia.bell').post('/v1/cases', opened))['id']}"


async def next_review(session: As, case: str) -> str:
    return str((await session.get(case))["header"]["review_on"])


async def told(world: World, user: str, case: str) -> list[str]:
    found = (await world.as_(user).get("/v1/notices?limit=100"))["notices"]
    return [one["kind"] for one in found if case.endswith(one["case"])]


async def test_a_level_of_need_draws_the_review_nearer_and_a_later_day_is_cut_to_it(
    own_home: HouseWorld,
) -> None:
    world, today = own_home.world, own_home.world.clock.now.date()
    school = world.as_("nadia.bell")
    case = await a_case(world, own_home.house.child)
    far = (today + timedelta(days=300)).isoformat()
    await school.post(f"{case}/reviews", {"review_on": far})
    assert await next_review(school, case) == far
    days, nearest = {1: 180, 2: 90, 3: 42, 4: 14}, far
    for level, within in days.items():
        body = {"level": level, "reason": "As the team sees it"}
        made = await school.post(f"{case}/need-levels", body)
        nearest = (today + timedelta(days=within)).isoformat()
        assert made["review_on"] == await next_review(school, case) == nearest, level
    answer = await school.post(f"{case}/reviews", {"review_on": far})
    assert answer["review_on"] == await next_review(school, case) == nearest, "no later than the need allows"
    kept = (await school.get(f"{case}/need-levels"))["entries"]
    assert [entry["fields"]["level"] for entry in kept] == [1, 2, 3, 4], "its history stays"
    for no_level in (0, 5, "4", None):
        wrong = await school.send("POST", f"{case}/need-levels", {"level": no_level, "reason": "x"})
        assert (wrong.status_code, fields_of(wrong)) == (422, ["level"])
    assert await next_review(school, case) == nearest


async def test_a_missed_review_is_told_to_the_owner_then_higher_and_to_nobody_else(
    own_home: HouseWorld,
) -> None:
    world = own_home.world
    school, today = world.as_("nadia.bell"), world.clock.now.date()
    case = await a_case(world, own_home.house.child)
    [seat] = (await school.get(f"{case}/team"))["team"]
    review = {"review_on": today.isoformat(), "at_risk": True, "owner": seat["id"]}
    await school.post(f"{case}/reviews", review)
    ladder = {1: "nadia.bell", 3: "grace.obi", 7: "school.coord", 14: "paul.ensor"}
    for day in range(1, 15):
        world.clock.now += timedelta(days=1)
        await clocks_run(world)
        reached = {user for after, user in ladder.items() if after <= day}
        for user in (*ladder.values(), "kit.vane", "hana.novak"):
            assert ("review_escalated" in await told(world, user, case)) == (user in reached), (day, user)
    looked = {"review_on": (today + timedelta(days=30)).isoformat(), "outcome": "slow"}
    await world.as_("nadia.bell").post(
        f"{case}/reviews", {**looked, "held_on": world.clock.now.date().isoformat()}
    )
    for user in ladder.values():
        assert "review_escalated" not in await told(world, user, case), "somebody looked"


async def test_a_member_of_a_panel_sees_the_plan_and_little_else_until_they_have_answered(
    own_home: HouseWorld,
) -> None:
    world, house = own_home.world, own_home.house
    school, pam, path = world.as_("nadia.bell"), world.as_("pam.orr"), f"/v1/cases/{own_home.house.case}"
    assert (await pam.send("GET", path)).status_code == 404
    one = await plan(school, house.case, meeting(starts_at="2031-09-01T13:00:00Z"))
    invitation = await invite(school, house.case, one, PAM)
    view = await pam.get(path)
    assert view["header"]["relationship"] == "considering"
    shown = [entry for entries in view["areas"].values() for entry in entries]
    of_others = [entry for entry in shown if entry["owner"] != PAM["agency"]]
    assert len(of_others) >= 5
    for entry in of_others:
        categories = set(entry["categories"])
        assert entry["level"] == "summary" or categories <= FULL_FOR_A_PANEL, entry["kind"]
        assert categories.isdisjoint(NEVER_FOR_A_PANEL), entry["kind"]
    team = await world.as_("hana.novak").get(path)
    everything = sum(len(entries) for entries in team["areas"].values())
    assert len(shown) < everything, "less than her colleague on the team"
    assert set(view["may"]).isdisjoint({"contribute", "record_permission", "refer", "close_case"})
    refused = await pam.send("POST", f"{path}/actions", {"actions": []})
    assert refused.status_code == 403
    await pam.post(f"{path}/meetings/{one}/invitations/{invitation}/apologies")
    assert (await pam.send("GET", path)).status_code == 404
