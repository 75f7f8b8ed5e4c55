"""Leads whom a new version of the policy shows nothing in their role: they are missed (decision 39).

Three changes that make this fail: publishing a version without telling the case service which roles it shows
nothing, counting its roles before its date, alarming the lead alone, who cannot act.
"""

from datetime import timedelta

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from shared.clock import rfc3339
from tests.gateway.areas.policies import document, goldens
from tests.gateway.conftest import HouseWorld
from tests.gateway.test_policies import DRAFTS, drafted, simulated

pytestmark = pytest.mark.anyio


async def test_a_lead_whom_a_new_version_shows_nothing_is_missed_from_its_date_on(home: HouseWorld) -> None:
    """Fails when the case service is not told which roles a version shows nothing: the lead would stay the
    lead of a case of which others show them nothing, and nobody would know."""
    world, case = home.world, home.house.case
    author, second = world.as_("tom.ashby"), world.as_("hous.officer")

    async def unled() -> bool:
        queue = await world.as_("paul.ensor").get("/v1/cases?filter=no_lead&limit=100")
        return case in [card["id"] for card in queue["cases"]]

    async def told(user: str) -> bool:
        page = await world.as_(user).get("/v1/notices?limit=100")
        return ("lead_gone", case) in [(one["kind"], one["case"]) for one in page["notices"]]

    changed = document()
    for entry in changed["ceilings"]:
        if entry["role"] == "practitioner" and entry["relationships"] in (["member"], ["lead"]):
            entry["kinds"] = [kind for kind in entry["kinds"] if kind != "youth_justice"]
    draft = await drafted(author, changed, goldens())
    card = await simulated(author, draft)
    await second.post(f"{DRAFTS}/{draft}/approval", {"digest": card["digest"]})
    date = world.clock.now + timedelta(days=3)
    wanted = {"digest": card["digest"], "published_from": rfc3339(date)}
    await author.post(f"{DRAFTS}/{draft}/publication", wanted)
    await run_clocks(world.store("case"), world.clock.now, CaseworkRules())
    assert (await unled(), await told("grace.obi")) == (False, False)
    world.clock.now = date
    seen = (await world.as_("sam.okafor").get(f"/v1/cases/{case}"))["areas"]
    others = [one for entries in seen.values() for one in entries if one["owner"] != "youth-offending"]
    assert {one["kind"] for one in others} == {"action"}, "of what others hold what is theirs to do, no more"
    await run_clocks(world.store("case"), world.clock.now, CaseworkRules())
    assert await unled()
    assert [await told(user) for user in ("grace.obi", "kit.vane", "paul.ensor")] == [True] * 3
    assert (await world.as_("nadia.bell").get(f"/v1/cases/{case}"))["header"]["lead_professional"] is None
