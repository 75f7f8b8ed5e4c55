"""N1 for those in charge: what of casework the lead, the managers and their people may not see makes no
difference to anything that they are told, of whatever area, notices and worklists among it.

One world is read before and after something hidden happened in it, at the same moment; the clocks run, as of
that moment, before each reading. ``tests/gateway/test_worlds_apart.py`` does it with writes, for readers who
see less.

Three changes that make this fail: showing a notice to everybody for whom its case exists, naming what an
action waits for whether or not it is seen, showing a balance to whoever sees that there is money.
"""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from tests.gateway.conftest import HouseWorld
from tests.gateway.hidden_casework import CASEWORK, HiddenCasework, plan_a_meeting
from tests.gateway.operations import reads
from tests.gateway.test_noninterference import as_compared

pytestmark = pytest.mark.anyio

LEAD = "sam.okafor"
READERS = (LEAD, "kit.vane", "nadia.bell", "grace.obi", "hana.novak", "ben.carver", "gus.hale")
"""The lead, who reads everything; a manager, a member, her manager, another one, the volunteer, and a manager
of an agency that is asked, who read what changes."""
MONEY = frozenset({"money that is given bound and signed for", "what somebodys work costs"})
Answers = dict[tuple[str, str], tuple[int, dict[str, str], bytes]]


async def read(home: HouseWorld, at: datetime, users: tuple[str, ...], paths: list[str]) -> Answers:
    """Every answer to these users at a moment, once everybody is told who is to be told by then."""
    world = home.world
    await run_clocks(world.store("case"), at, CaseworkRules())
    now, world.clock.now, world.clock.runs = world.clock.now, at, False
    try:
        return {
            (user, path): as_compared(await world.as_(user).send("GET", path))
            for user in users
            for path in paths
        }
    finally:
        world.clock.now, world.clock.runs = now, True


async def test_n1_what_is_hidden_of_casework_makes_no_difference_to_who_is_in_charge(
    sqlite_home: HouseWorld, seed: int
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    hidden = HiddenCasework(world, house, await plan_a_meeting(world, house))
    at, case = world.clock.now + timedelta(days=60), f"/v1/cases/{house.case}"
    often = [
        case, f"{case}/actions", f"{case}/meetings",
        "/v1/notices?limit=100", "/v1/worklists/promises?limit=2", "/v1/worklists/waiting?limit=100",
    ]  # fmt: skip
    # Who looked is told of these readings too; a print bears its receipt's id in its page.
    told_of_readings = ("/disclosures", "/print", "/who-can-see")
    rest = [path for path in reads(house) if path not in often and not path.endswith(told_of_readings)]
    first = await read(sqlite_home, at, (LEAD,), rest)
    before = first | await read(sqlite_home, at, READERS, often)
    happenings = list(CASEWORK)
    random.Random(seed).shuffle(happenings)
    # Money first: who holds it sees what they bought.
    happenings.sort(key=lambda happening: happening[0] not in MONEY)
    compared: Counter[int] = Counter()

    def compare(after: Answers, name: str) -> None:
        for (user, path), answer in after.items():
            assert answer == before[user, path], (name, user, path)
            compared[answer[0]] += 1

    for number, (name, happens) in enumerate(happenings):
        await happens(hidden)
        some = (READERS[number % len(READERS)],)
        if name in MONEY:
            compare(await read(sqlite_home, at, READERS[1:], often), name)
            before |= await read(sqlite_home, at, (LEAD,), [*often, *rest])
        else:
            compare(await read(sqlite_home, at, some, often), name)
    compare(await read(sqlite_home, at, READERS, often), "all of it")
    compare(await read(sqlite_home, at, (LEAD,), rest), "all of it")
    assert len(happenings) == len(CASEWORK) == 23
    assert compared[200] > 150
    assert compared[404] > 10


async def test_n1_the_same_things_are_told_to_those_who_may_see_them(sqlite_home: HouseWorld) -> None:
    """Without this the property could hold because nobody was told anything."""
    world, house = sqlite_home.world, sqlite_home.house
    told = (await world.as_("asif.khan").get("/v1/notices?limit=100"))["notices"]
    kinds = {notice["kind"] for notice in told if notice["case"] == house.case}
    assert kinds >= {"promise_overdue", "late_for_what_follows", "meeting_not_recorded"}
    view = await world.as_("asif.khan").get(f"/v1/cases/{house.case}")
    theirs = [
        entry
        for entries in view["areas"].values()
        for entry in entries
        if "mental_health" in entry["categories"]
    ]
    assert {entry["kind"] for entry in theirs} >= {
        "action", "meeting", "agenda_item", "meeting_decision", "view_heard", "referral", "referral_answer",
        "contact_attempt", "life_event", "concern_flag", "case_review",
    }  # fmt: skip
    signals = (await world.as_("paul.ensor").get("/v1/signals"))["signals"]
    assert [one["person"]["id"] for one in signals] == [house.child]


async def test_n1_what_is_corrected_at_full_makes_no_difference_at_summary(sqlite_home: HouseWorld) -> None:
    """Not the moment either: that an address is another one since yesterday tells of a flight."""
    world, house = sqlite_home.world, sqlite_home.house
    school, case = world.as_("nadia.bell"), f"/v1/cases/{house.case}"
    at, readers = world.clock.now + timedelta(days=60), ("hana.novak", "ben.carver", "kit.vane")
    paths = [case, f"{case}/timeline", f"{case}/actions", f"/v1/people/{house.child}", "/v1/cases"]
    before = await read(sqlite_home, at, readers, paths)
    areas = (await school.get(case))["areas"]
    shown = {entry["id"]: entry for entries in areas.values() for entry in entries}
    contact, action = shown[house.school_contact], shown[house.action]
    moved = {"fields": {**contact["fields"], "postcode": "NE1 4ST", "telephone": "01632 960777"}}
    path = f"/v1/people/{house.child}/details/{house.school_contact}"
    await school.patch(path, moved, contact["etag"])
    await school.patch(f"{case}/actions/{house.action}", {"action": "Talk to him"}, action["etag"])
    after = await read(sqlite_home, at, readers, paths)
    levels = {
        (user, entry["id"]): entry["level"]
        for user in readers
        for entries in (await world.as_(user).get(case))["areas"].values()
        for entry in entries
    }
    assert levels["hana.novak", house.school_contact] == "summary"
    assert levels["ben.carver", house.action] == "summary"
    changed = {(user, path) for (user, path), answer in after.items() if answer != before[user, path]}
    seen_in_full = {(user, path) for user in ("hana.novak", "kit.vane") for path in (case, f"{case}/actions")}
    assert changed <= seen_in_full, changed
    mine = (await school.get(case))["areas"]["person"]
    assert next(e["fields"]["telephone"] for e in mine if e["id"] == house.school_contact) == "01632 960777"
