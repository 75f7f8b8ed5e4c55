"""A parent answers for a child while somebody has them on record as responsible, and no longer (design 3.2).

Three changes that make this fail: asking who is responsible only when the answer is recorded, counting the
day on which it ends as one on which it holds, answering before the wait is over.
"""

from typing import Any

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.household import EVERYDAY
from tests.support.gateway import As, fresh_key

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


async def _record(home: HouseWorld) -> Json:
    """What the school has recorded of the mother and the child."""
    path = f"/v1/people/{home.house.child}/relationships"
    entries: list[Json] = (await home.world.as_("nadia.bell").get(path))["entries"]
    [found] = [one for one in entries if one["fields"]["from_person"] == home.house.mother]
    return found


async def _correct(home: HouseWorld, **changes: Any) -> Json:
    found = await _record(home)
    path = f"/v1/people/{home.house.child}/details/{found['id']}"
    fields = {**found["fields"], **changes}
    body = {"fields": {name: value for name, value in fields.items() if value is not None}}
    done: Json = await home.world.as_("nadia.bell").patch(path, body, found["etag"])
    return done


async def _everyday(reader: As, home: HouseWorld) -> dict[str, str]:
    """The everyday entries of others about the child alone, with their levels."""
    view = await reader.get(f"/v1/cases/{home.house.case}")
    return {
        entry["id"]: entry["level"]
        for area in view["areas"].values()
        for entry in area
        if entry["subjects"] == [home.house.child]
        and entry["owner"] != reader.agency
        and not set(entry["categories"]).isdisjoint(EVERYDAY)
    }


async def _asked_again(reader: As, home: HouseWorld) -> list[str]:
    listed = (await reader.get(f"/v1/cases/{home.house.case}/consents"))["consents"]
    return [one["needs_asking_again"]["why"] for one in listed if one.get("needs_asking_again")]


async def test_a_parents_yes_ends_with_their_responsibility(home: HouseWorld) -> None:
    world, housing, lead = home.world, home.world.as_("hana.novak"), home.world.as_("sam.okafor")
    before = await _everyday(housing, home)
    assert "full" in before.values()
    assert await _asked_again(lead, home) == []
    world.sleep.slept.clear()
    today = world.clock.now.date().isoformat()
    ended = await _correct(home, end=today)
    assert ended["enforced_at"]
    assert world.sleep.slept == [world.deadline_seconds], "whoever asked just before has been answered"
    after = await _everyday(housing, home)
    assert "full" not in after.values()
    assert after.keys() < before.keys()
    assert set(await _asked_again(lead, home)) == {"responsibility_ended"}
    new = {
        "user": "lou.ames", "name": "Lou Ames", "agency": "hope-mentors", "role": "volunteer",
        "job_title": "Mentor",
    }  # fmt: skip
    refused = await lead.send("POST", f"/v1/cases/{home.house.case}/team", new, headers=fresh_key())
    assert refused.status_code == 403, "nobody takes part by the word of somebody who has none"
    # It was written down by mistake: what the mother said stands as it did.
    await _correct(home, end=None)
    assert await _everyday(housing, home) == before
    assert await _asked_again(lead, home) == []


async def test_it_ends_on_its_day_by_itself_and_not_before(home: HouseWorld) -> None:
    world, housing = home.world, home.world.as_("hana.novak")
    before = await _everyday(housing, home)
    assert "full" in before.values()
    await _correct(home, end="2031-03-05")
    assert await _everyday(housing, home) == before
    moment = world.clock.now
    world.clock.now = moment.replace(day=5, hour=0, minute=0, second=0, microsecond=0)
    assert "full" not in (await _everyday(world.as_("hana.novak"), home)).values()
    world.clock.now = moment
    await _correct(home, end=None)


async def test_another_agencys_record_keeps_it_while_that_says_so(home: HouseWorld) -> None:
    """As where an answer is recorded: responsibility counts that anybody recorded."""
    world, housing = home.world, home.world.as_("hana.novak")
    before = await _everyday(housing, home)
    said = {
        "from_person": home.house.mother, "to_person": home.house.child, "relation": "mother",
        "parental_responsibility": True, "parental_responsibility_source": "birth", "lives_with": True,
    }  # fmt: skip
    await world.as_("sam.okafor").post(f"/v1/people/{home.house.child}/relationships", said)
    await _correct(home, end=world.clock.now.date().isoformat())
    assert await _everyday(housing, home) == before
