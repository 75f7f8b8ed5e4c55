"""All that waits for somebody on one answer: notices, alerts, and concerns that nobody said to have received.

Three changes that make this fail: naming a concern to whoever could not acknowledge it, leaving the alerts
of the lead out, beginning anew on the second page.
"""

import pytest

from tests.gateway.areas.concerns import concern
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import words

pytestmark = pytest.mark.anyio
PATH = "/v1/worklists/waiting"


async def test_a_concern_waits_until_somebody_says_that_they_have_it(home: HouseWorld) -> None:
    world, worry = home.world, words("worry")
    sender, lead = world.as_("joan.reed"), world.as_("dev.patel")
    sent = (await sender.post("/v1/concerns", concern(worry=worry)))["id"]
    waiting = await lead.get(PATH)
    [line] = [one for one in waiting["concerns"] if one["id"] == sent]
    assert set(line) == {"id", "at"}
    assert worry not in str(waiting)
    for user in ("moira.flynn", "nadia.bell", "hana.novak", "pol.guard", "grace.obi"):
        assert sent not in [one["id"] for one in (await world.as_(user).get(PATH))["concerns"]], user
    await lead.post(f"/v1/concerns/{sent}/acknowledgement")
    assert sent not in [one["id"] for one in (await lead.get(PATH))["concerns"]]
    assert sent in [one["id"] for one in (await lead.get("/v1/concerns"))["concerns"]]


async def test_whoever_leads_finds_their_alerts_beside_their_notices(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    await world.as_("meg.lloyd").post(f"/v1/cases/{case}/break-glass", {"reason": "He is missing"})
    lead = world.as_("sam.okafor")
    waiting = await lead.get(PATH)
    assert waiting["alerts"] == (await lead.get("/v1/alerts", limit=20))["alerts"]
    assert f"/v1/cases/{case}/break-glass" in [one["look_at"] for one in waiting["alerts"]]
    assert waiting["notices"] == (await lead.get("/v1/notices"))["notices"]
    assert (await world.as_("hana.novak").get(PATH))["alerts"] == []


async def test_what_stands_first_stands_on_the_first_page_alone(home: HouseWorld) -> None:
    world = home.world
    lead = world.as_("sam.okafor")
    whole = await lead.get(PATH)
    found, path, pages = [], f"{PATH}?limit=1", 0
    while path:
        page = await lead.get(path)
        found += [one["id"] for one in page["notices"]]
        assert bool(page["alerts"]) == (pages == 0 and bool(whole["alerts"]))
        path, pages = page["next"], pages + 1
    assert found == [one["id"] for one in whole["notices"]]
    assert pages > 1
    other = await world.as_("hana.novak").send("GET", f"{PATH}?cursor=none")
    assert other.status_code == 422
    assert (await world.as_("ben.carver").send("GET", PATH)).status_code == 403


async def test_alerts_of_one_case_stand_by_themselves(home: HouseWorld) -> None:
    world, house = home.world, home.house
    lead = world.as_("sam.okafor")
    everything = (await lead.get("/v1/alerts", limit=100))["alerts"]
    of_case = (await lead.get("/v1/alerts", case=house.case, limit=100))["alerts"]
    assert of_case == [one for one in everything if one["case"] == house.case]
    assert of_case
    for other in (house.other_case, "x"):
        assert (await lead.get("/v1/alerts", case=other))["alerts"] == []
    page = await lead.get("/v1/alerts", case=house.case, limit=1)
    if page["cursor"]:
        elsewhere = await lead.send("GET", f"/v1/alerts?limit=1&cursor={page['cursor']}")
        assert elsewhere.status_code == 422
