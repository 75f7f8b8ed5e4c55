"""The lead is told when a family leaves and when two who answer for a child differ, and nobody else is.

Three changes that make this fail: asking the lead without telling them, leaving the alert there once they
have answered, telling of a conflict those whom the exclusion that it is about keeps out.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING, House
from tests.gateway.operations import exclusion
from tests.support.gateway import World

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
EVERYBODY = (
    "sam.okafor", "liz.hart", "tom.ashby", "nadia.bell", "hana.novak", "asif.khan", "ruth.amadi",
    "ben.carver", "kit.vane", "hous.officer", "job.officer", "nia.rowe", "school.coord", "school.guard",
    "max.holt", "una.price",
)  # fmt: skip
NO_RISK: Json = {"somebody_at_risk": False, "considered": "The school sees him every day."}


async def _told(world: World, case: str, part: str) -> dict[str, list[Json]]:
    """By user, the alerts that point at this part of the case."""
    told = {}
    for user in EVERYBODY:
        listed = (await world.as_(user).get("/v1/alerts", limit=100))["alerts"]
        told[user] = [alert for alert in listed if alert["look_at"] == f"/v1/cases/{case}/{part}"]
    return {user: alerts for user, alerts in told.items() if alerts}


async def test_a_conflict_is_told_to_the_lead_and_the_officers_who_are_party_until_it_is_decided(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    school, lead = world.as_("nadia.bell"), world.as_("sam.okafor")
    name = {"kind": "name", "fields": {"given_names": "Dan"}}
    father = (await school.post("/v1/people", {"details": [name]}))["id"]
    related = {
        "from_person": father, "to_person": house.child, "relation": "father", "lives_with": False,
        "parental_responsibility": True, "parental_responsibility_source": "birth",
    }  # fmt: skip
    await school.post(f"/v1/people/{house.child}/relationships", related)
    assert await _told(world, house.case, "conflicts") == {}
    objects = exclusion(house, giver=father, agencies=[HOUSING], categories=["learning"])
    await school.post(f"/v1/cases/{house.case}/exclusions", objects)
    told = await _told(world, house.case, "conflicts")
    # The school recorded both answers. Housing is kept out, and its officer looks it up and is not alerted.
    assert sorted(told) == ["sam.okafor", "tom.ashby"]
    [alert] = told["sam.okafor"]
    assert set(alert) == {"id", "at", "case", "look_at", "message"}
    [found] = (await lead.get(f"/v1/cases/{house.case}/conflicts"))["conflicts"]
    decision = {"upholds": "refusal", "reason": "He may object."}
    await world.as_("tom.ashby").post(f"/v1/cases/{house.case}/conflicts/{found['id']}/decision", decision)
    assert await _told(world, house.case, "conflicts") == {}


async def _hand_over(world: World, house: House, leading: str, next_one: str) -> None:
    path = f"/v1/cases/{house.case}/lead-professional"
    team = (await world.as_(leading).get(f"/v1/cases/{house.case}/team"))["team"]
    seat = next(one["id"] for one in team if one["user"] == next_one and one["until"] is None)
    asked = await world.as_(leading).post(f"{path}/handovers", {"member": seat})
    await world.as_(next_one).post(f"{path}/nominations/{asked['id']}/acceptance")


async def test_the_lead_is_told_that_the_family_left_until_they_say_whether_anybody_is_at_risk(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    lead = world.as_("sam.okafor")
    leaves = {"kind": "take_part", "subject": house.child, "withdrawn_by": house.mother}
    path = f"/v1/cases/{house.case}/taking-part"
    assert await _told(world, house.case, "taking-part") == {}
    await world.as_("hana.novak").post(f"/v1/cases/{house.case}/consents/withdrawals", leaves)
    told = await _told(world, house.case, "taking-part")
    assert sorted(told) == ["sam.okafor"]
    [alert] = told["sam.okafor"]
    assert set(alert) == {"id", "at", "case", "look_at", "message"}
    assert house.child not in str(alert)
    assert house.mother not in str(alert)
    assert len((await lead.get(alert["look_at"]))["questions"]) == 1

    await _hand_over(world, house, "sam.okafor", "hana.novak")
    assert sorted(await _told(world, house.case, "taking-part")) == ["hana.novak"], "it goes with the lead"
    await _hand_over(world, house, "hana.novak", "sam.okafor")
    world.clock.now += timedelta(days=8)
    overdue = await _told(world, house.case, "taking-part")
    assert sorted(overdue) == ["liz.hart", "sam.okafor"]
    lead = world.as_("sam.okafor")
    [question] = (await lead.get(path))["questions"]
    assert question["overdue"] is True
    await lead.post(f"{path}/{question['id']}/risk-answer", NO_RISK)
    assert await _told(world, house.case, "taking-part") == {}
