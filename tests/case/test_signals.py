"""Small concerns of several agencies make one signal; nothing says what they are or whose.

Four changes that make this fail: counting concerns instead of agencies, counting what a closed signal rested
on, raising two signals when two agencies write at once, counting by the day of writing down.
"""

import asyncio
from datetime import timedelta

import pytest

from shared.identity import Caller
from tests.case.conftest import HOUSING, SCHOOL, TODAY, YOT, CaseService, Json

pytestmark = pytest.mark.anyio
COORDINATOR = Caller("paul", "Paul Ensor", "partnership-office", "coordinator")
THREE = (SCHOOL, YOT, HOUSING)


def noticed(what: str = "She fell asleep in two lessons.", **changes: object) -> Json:
    return {"noticed_on": "2031-03-01", "what": what, "categories": ["learning"], **changes}


async def worry(service: CaseService, person: str, *who: Caller) -> list[Json]:
    """Each of them noticed something today."""
    body = noticed(noticed_on=service.clock().date().isoformat())
    return [await service.post(caller, f"/people/{person}/small-concerns", body) for caller in who]


async def signals(service: CaseService) -> list[Json]:
    page = await service.post(COORDINATOR, "/signals/open", {"limit": 50})
    assert [bundle["person"] for bundle in page["bundles"]] == [one["person"] for one in page["signals"]]
    found: list[Json] = page["signals"]
    return found


async def test_three_agencies_within_the_window_make_one_signal(service: CaseService) -> None:
    person = await service.person()
    answers = await worry(service, person, SCHOOL, SCHOOL, SCHOOL, YOT)
    assert await signals(service) == []
    answers += await worry(service, person, HOUSING)
    [signal] = await signals(service)
    assert signal == {
        "id": signal["id"], "person": person, "state": "raised", "raised_at": "2031-03-03T09:00:00.000000Z",
    }  # fmt: skip
    answers += await worry(service, person, SCHOOL, YOT)
    assert await signals(service) == [signal]
    assert all(answer.keys() == {"id", "version"} for answer in answers), "nobody learns that they made it"


async def test_a_small_concern_is_an_entry_of_its_agency_about_the_person(service: CaseService) -> None:
    person = await service.person()
    [answer] = await worry(service, person, YOT)
    bundle = await service.get(SCHOOL, f"/people/{person}/bundle")
    [entry] = [entry for entry in bundle["entries"] if entry["kind"] == "small_concern"]
    assert (entry["id"], entry["owner"], entry["area"]) == (answer["id"], YOT.agency, "person")
    assert entry["categories"] == ["learning", "wellbeing"]
    assert entry["fields"] == {"noticed_on": "2031-03-03", "what": "She fell asleep in two lessons."}


async def test_what_lies_before_the_window_is_not_counted(service: CaseService) -> None:
    person = await service.person()
    await worry(service, person, SCHOOL, YOT)
    service.clock.turn(days=90)
    await worry(service, person, HOUSING, YOT)
    assert await signals(service) == []
    service.clock.turn(days=89)
    await worry(service, person, SCHOOL)
    assert len(await signals(service)) == 1


async def test_a_small_concern_counts_by_the_day_on_which_it_was_noticed(service: CaseService) -> None:
    """Not by when somebody got round to writing it down; where no day is given, it was today."""
    old, recent = "2030-12-03", "2030-12-04"
    stale, fresh = await service.person(), await service.person()
    for person, first in ((stale, old), (fresh, recent)):
        path = f"/people/{person}/small-concerns"
        await service.post(SCHOOL, path, noticed(noticed_on=first))
        await service.post(YOT, path, noticed(noticed_on="2031-02-20"))
        today = {name: said for name, said in noticed().items() if name != "noticed_on"}
        await service.post(HOUSING, path, today)
    assert [one["person"] for one in await signals(service)] == [fresh], "the ninetieth day, and not the next"
    kept = service.select("SELECT noticed_on, count(*) FROM small_concerns GROUP BY noticed_on")
    assert {str(day): count for day, count in kept} == {
        old: 1, recent: 1, "2031-02-20": 2, TODAY.isoformat(): 2,
    }  # fmt: skip
    bundle = await service.get(HOUSING, f"/people/{fresh}/bundle")
    days = {e["owner"]: e["fields"]["noticed_on"] for e in bundle["entries"] if e["kind"] == "small_concern"}
    assert days == {SCHOOL.agency: recent, YOT.agency: "2031-02-20", HOUSING.agency: TODAY.isoformat()}


async def test_what_was_noticed_before_a_signal_was_closed_and_written_down_later_counts_for_the_next(
    service: CaseService,
) -> None:
    """Whoever answered the signal did not know of it."""
    person = await service.person()
    await worry(service, person, *THREE)
    [signal] = await signals(service)
    service.clock.turn(days=1)
    await service.post(COORDINATOR, f"/signals/{signal['id']}/closing", {"outcome": "help_in_place"})
    service.clock.turn(days=1)
    for caller in THREE:
        assert await signals(service) == []
        path = f"/people/{person}/small-concerns"
        await service.post(caller, path, noticed(noticed_on="2031-03-03"))
    assert len(await signals(service)) == 1


async def test_a_signal_is_taken_up_and_closed_and_what_it_rested_on_makes_no_other(
    service: CaseService,
) -> None:
    person = await service.person()
    await worry(service, person, *THREE)
    [signal] = await signals(service)
    path = f"/signals/{signal['id']}"
    assert await service.get(COORDINATOR, path) == {"id": signal["id"], "person": person}
    assert (await service.post(COORDINATOR, f"{path}/taking-up"))["state"] == "taken_up"
    assert (await service.problem(COORDINATOR, "POST", f"{path}/taking-up")).kind == "conflict"
    outcome = {"outcome": "brought_to_panel"}
    service.clock.turn(days=1)
    assert (await service.post(COORDINATOR, f"{path}/closing", outcome))["state"] == "closed"
    assert (await service.problem(COORDINATOR, "POST", f"{path}/closing", outcome)).kind == "conflict"
    assert await signals(service) == []
    service.clock.turn(days=1)
    await worry(service, person, SCHOOL, YOT)
    assert await signals(service) == []
    await worry(service, person, HOUSING)
    assert len(await signals(service)) == 1


async def test_agencies_that_write_at_once_make_one_signal(service: CaseService) -> None:
    person = await service.person()
    await asyncio.gather(*(worry(service, person, caller) for caller in THREE * 3))
    assert len(await signals(service)) == 1
    assert service.rows()["small_concerns"] == 9


async def test_pages_lead_through_all_signals_longest_waiting_first(service: CaseService) -> None:
    people = []
    for _ in range(3):
        person = await service.person()
        await worry(service, person, *THREE)
        people.append(person)
        service.clock.turn(minutes=1)
    place, found = None, []
    while True:
        page = await service.post(COORDINATOR, "/signals/open", {"limit": 2, "after": place})
        found += [signal["person"] for signal in page["signals"]]
        place = page["after"]
        if place is None:
            break
    assert found == people


@pytest.mark.parametrize(
    "body, field",
    [
        (noticed(noticed_on=(TODAY + timedelta(days=1)).isoformat()), "noticed_on"),
        (noticed(categories=[]), "categories"),
        (noticed(categories=["equality"]), "categories"),
        (noticed(what="\u200b"), "what"),
        (noticed(about="her"), "about"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(
    service: CaseService, body: Json, field: str
) -> None:
    person = await service.person()
    before = service.rows()
    refused = await service.problem(SCHOOL, "POST", f"/people/{person}/small-concerns", body)
    assert (refused.kind, [error.field for error in refused.errors]) == ("invalid", [field])
    assert service.rows() == before
    nowhere = "/people/0b9cc9a0-3c1e-4a57-8b0e-0a8f7a4f5a10/small-concerns"
    assert (await service.problem(SCHOOL, "POST", nowhere, noticed())).kind == "not-found"
