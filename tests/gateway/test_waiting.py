"""All that waits for somebody on one answer: notices, alerts, and concerns that nobody said to have received.

Three changes that make this fail: naming a concern to whoever could not acknowledge it, leaving the alerts
of the lead out, beginning anew on the second page. And of what was left too long: seeking it on the first
page of the notices alone, telling of it where its case is hidden, showing all of it however much there is.
"""

from datetime import timedelta

import pytest

from services.case.notices.audience import for_user
from services.case.notices.repository import NewNotice, raise_notices
from tests.gateway.areas.concerns import concern
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING, words
from tests.gateway.test_notices import hide, nominated

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


async def raised(home: HouseWorld, case: str, kind: str, number: int, user: str = "hana.novak") -> None:
    """Notices of a kind for somebody of housing, about a case as a whole, a moment apart."""
    for one in range(number):
        later = home.world.clock.now + timedelta(seconds=one)
        notice = NewNotice(case, kind, case, for_user(HOUSING, user), f"{kind} {one}")
        assert await home.world.store("case").write(raise_notices, [notice], later) == 1


async def test_what_was_left_too_long_stands_with_the_first_page_however_much_is_newer(
    home: HouseWorld,
) -> None:
    world = home.world
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    (hidden, person, _), (case, _, _) = await nominated(world, school, 2)
    for kind in ("review_escalated", "agency_missing"):
        await raised(home, hidden, kind, 12)
        await raised(home, case, kind, 12)
        world.clock.now += timedelta(minutes=1)
    await raised(home, case, "meeting_chair", 3)
    await hide(school, hidden, person)
    whole = await housing.get(PATH, limit=100)
    too_long = [one for one in whole["notices"] if one["left_too_long"]]
    assert {one["kind"] for one in too_long} == {"review_escalated", "agency_missing"}
    assert len(too_long) == 24
    assert whole["left_too_long"] == too_long[::-1][:20], "what was left longest, first"
    first = await housing.get(PATH, limit=2)
    assert not any(one["left_too_long"] for one in first["notices"])
    assert first["left_too_long"] == whole["left_too_long"]
    assert {one["case"] for one in first["left_too_long"]} == {case}, "as if the hidden case were not there"
    assert (await housing.get(first["next"]))["left_too_long"] == []
    await housing.post(f"/v1/notices/{first['left_too_long'][0]['id']}/clearing")
    assert (await housing.get(PATH, limit=2))["left_too_long"] == too_long[::-1][1:21]
    assert (await world.as_("nadia.bell").get(PATH))["left_too_long"] == []
