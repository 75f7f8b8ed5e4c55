"""What flows on purpose between agencies that are worried (design 3.5): to an agency with a flag, who else
has one; to a coordinator, that somebody needs a panel. And that nothing else does.

Three changes that make this fail: naming other flag holders to everybody, telling how many agencies worry,
showing a signal about somebody who does not exist for the coordinator.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import record_person
from services.gateway.notice import notice
from shared.vocabulary import Category
from tests.gateway.areas.bars import a_bar
from tests.gateway.areas.signals import concern_flag
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HEALTH, SCHOOL
from tests.support.gateway import START, As, fields_of

pytestmark = pytest.mark.anyio


async def read(session: As, case: str) -> Any:
    return await session.get(f"/v1/cases/{case}/flags")


async def test_an_agency_with_a_flag_learns_who_else_has_one_and_not_what_it_says(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    school, health = world.as_("nadia.bell"), world.as_("ruth.amadi")
    before = await read(health, case)
    assert before["also_flagging"] == []
    assert [holder["agency"] for holder in before["not_available"] if holder["agency"] == SCHOOL] == [SCHOOL]
    assert [entry["kind"] for entry in before["entries"]] == ["staff_safety_note"]
    await health.post(f"/v1/cases/{case}/flags", concern_flag())
    after = await read(health, case)
    assert [holder["agency"] for holder in after["also_flagging"]] == [SCHOOL]
    assert after["also_flagging"][0].keys() == {"agency", "name", "telephone"}
    kinds = sorted(entry["kind"] for entry in after["entries"])
    assert kinds == ["concern_flag", "staff_safety_note"]
    assert {entry["owner"] for entry in after["entries"] if entry["kind"] == "concern_flag"} == {HEALTH}
    assert [holder["agency"] for holder in (await read(school, case))["also_flagging"]] == [HEALTH]
    housing = await read(world.as_("hana.novak"), case)
    assert housing["also_flagging"] == []


async def test_a_flag_that_was_ended_is_told_to_nobody(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    school, health = world.as_("nadia.bell"), world.as_("ruth.amadi")
    mine = (await health.post(f"/v1/cases/{case}/flags", concern_flag()))["id"]
    for flag in [entry for entry in (await read(school, case))["entries"] if entry["owner"] == SCHOOL]:
        path = f"/v1/cases/{case}/flags/{flag['id']}/ending"
        elsewhere = f"/v1/cases/{case}/flags/{case}/ending"
        refused = [await health.send("POST", p, json={"reason": "Not mine."}) for p in (path, elsewhere)]
        assert {answer.status_code for answer in refused} == {403}
        assert len({answer.content for answer in refused}) == 1
        await school.post(path, {"reason": "She is safe."})
    assert (await read(health, case))["also_flagging"] == []
    await health.post(f"/v1/cases/{case}/flags/{mine}/ending", {"reason": "Over."})
    assert (await read(school, case))["also_flagging"] == []


async def test_a_flag_that_has_run_out_is_told_to_nobody(home: HouseWorld) -> None:
    """Neither of the two: whose own is over learns of no other, and of one that is over nobody learns."""
    world, case = home.world, home.house.case
    school, health = world.as_("nadia.bell"), world.as_("ruth.amadi")
    tomorrow = (world.clock.now.date() + timedelta(days=1)).isoformat()
    await school.post(f"/v1/cases/{case}/flags", concern_flag(expires_on=tomorrow))
    await health.post(f"/v1/cases/{case}/flags", concern_flag())
    assert [holder["agency"] for holder in (await read(health, case))["also_flagging"]] == [SCHOOL]
    assert [holder["agency"] for holder in (await read(school, case))["also_flagging"]] == [HEALTH]
    world.clock.now += timedelta(days=1)
    try:
        for session in (world.as_("nadia.bell"), world.as_("ruth.amadi")):
            assert (await read(session, case))["also_flagging"] == []
    finally:
        world.clock.now -= timedelta(days=1)


async def test_a_coordinator_learns_that_somebody_needs_a_panel_and_nothing_more(home: HouseWorld) -> None:
    world = home.world
    coordinator, school = world.as_("paul.ensor"), world.as_("nadia.bell")
    person = await record_person(school, "Robin", "Vale", START.date().replace(year=START.year - 12))
    noticed = {"noticed_on": "2031-02-05", "what": "Tired.", "categories": ["wellbeing"]}
    path = f"/v1/people/{person}/small-concerns"
    for user in ("nadia.bell", "hana.novak"):
        await world.as_(user).post(path, noticed)
    assert (await coordinator.get("/v1/signals"))["signals"] == []
    await world.as_("ruth.amadi").post(path, noticed)
    page = await coordinator.get("/v1/signals")
    [signal] = page["signals"]
    assert signal == {
        "id": signal["id"], "state": "raised", "raised_on": world.clock.now.date().isoformat(),
        "person": {
            "id": person, "name": "Robin Vale", "date_of_birth": None, "expected_date_of_delivery": None,
        },
    }  # fmt: skip
    assert page.keys() == {"signals", "next", "cursor", "notice"}
    assert page["notice"] == notice("999")
    for user in ("nadia.bell", "dev.patel"):
        assert (await world.as_(user).send("GET", "/v1/signals")).status_code == 403
    taken = await coordinator.post(f"/v1/signals/{signal['id']}/taking-up")
    assert taken == {"id": signal["id"], "state": "taken_up"}
    closed = await coordinator.post(f"/v1/signals/{signal['id']}/closing", {"outcome": "case_opened"})
    assert closed == {"id": signal["id"], "state": "closed"}
    assert (await coordinator.get("/v1/signals"))["signals"] == []


async def test_a_signal_about_somebody_who_is_barred_from_the_coordinator_is_not_there(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    coordinator = world.as_("paul.ensor")
    noticed = {"noticed_on": "2031-02-05", "what": "Tired.", "categories": ["wellbeing"]}
    for user in ("nadia.bell", "ruth.amadi"):
        await world.as_(user).post(f"/v1/people/{house.child}/small-concerns", noticed)
    [signal] = (await coordinator.get("/v1/signals"))["signals"]
    everything = [category.value for category in Category]
    barring = a_bar(subjects=[house.child], agencies=[], users=["paul.ensor"], categories=everything)
    await world.as_("tom.ashby").post(f"/v1/cases/{house.case}/bars", barring)
    assert (await coordinator.get("/v1/signals"))["signals"] == []
    paths = [f"/v1/signals/{one}/taking-up" for one in (signal["id"], house.case, "nowhere")]
    answers = [await coordinator.send("POST", path) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


async def test_a_worry_of_long_ago_makes_no_signal_and_one_without_a_day_is_todays(home: HouseWorld) -> None:
    world = home.world
    coordinator = world.as_("paul.ensor")
    person = await record_person(
        world.as_("nadia.bell"), "Wren", "Vale", START.date().replace(year=START.year - 9)
    )
    path, body = f"/v1/people/{person}/small-concerns", {"what": "Tired.", "categories": ["wellbeing"]}
    before = len((await coordinator.get("/v1/signals"))["signals"])
    await world.as_("nadia.bell").post(path, body)
    await world.as_("hana.novak").post(path, body)
    await world.as_("ruth.amadi").post(path, {**body, "noticed_on": "2030-11-01"})
    assert len((await coordinator.get("/v1/signals"))["signals"]) == before
    ahead = (world.clock.now + timedelta(days=1)).date().isoformat()
    response = await world.as_("ruth.amadi").send("POST", path, {**body, "noticed_on": ahead})
    assert (response.status_code, fields_of(response)) == (422, ["noticed_on"])
    await world.as_("ruth.amadi").post(path, {**body, "noticed_on": "2031-02-28"})
    assert len((await coordinator.get("/v1/signals"))["signals"]) == before + 1
