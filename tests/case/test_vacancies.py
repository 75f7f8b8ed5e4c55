"""Cases that nobody leads: listed with the longest vacant first, and told of before anybody forgets them.

Three changes that make this fail: a vacancy that begins anew with every change of the case, a list that pages
by a place in it rather than after one, an alarm that is raised at every run.
"""

from datetime import timedelta
from typing import Any

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from shared.clock import rfc3339
from shared.database import open_store
from shared.identity import Caller
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService, queries
from tests.case.test_caseload import explained, fill
from tests.case.test_notices import kinds

pytestmark = pytest.mark.anyio

RULES = CaseworkRules()
COORDINATOR = Caller("paul", "Paul Ensor", "partnership-office", "coordinator")
OTHER_COORDINATOR = Caller("cora", "Cora Ames", "city-housing", "coordinator")
YOT_MANAGER = Caller("yara", "Yara Lind", "youth-offending", "team_manager")


async def queue(service: CaseService, who: Caller = COORDINATOR, limit: int = 100) -> list[tuple[str, str]]:
    """Every page of the queue: case and since when."""
    found: list[tuple[str, str]] = []
    after: Any = None
    while True:
        page = await service.post(who, "/vacancies", {"after": after, "limit": limit})
        assert len(page["bundles"]) <= limit
        found += [(one["case"]["id"], one["case"]["vacant_since"]) for one in page["bundles"]]
        after = page["after"]
        if after is None:
            return found


async def test_the_longest_vacant_comes_first_whosever_it_is(service: CaseService) -> None:
    made = []
    for number in range(7):
        case = await service.case(SCHOOL if number % 2 else YOT, person=await service.person())
        made.append((case, rfc3339(service.clock())))
        # Two fall vacant at one moment, so that a page must end between equals too.
        service.clock.turn(hours=number % 3)
    expected = sorted(made, key=lambda pair: (pair[1], pair[0]))
    for limit in (1, 2, 3, 7, 100):
        assert await queue(service, limit=limit) == expected, limit
    assert await queue(service, OTHER_COORDINATOR) == expected
    for who in (SCHOOL, SCHOOL_MANAGER, Caller("o", "O", "northgate-school", "information_officer")):
        assert (await service.problem(who, "POST", "/vacancies", {})).kind == "not-found"


async def test_a_case_is_vacant_from_when_it_lost_its_lead_until_somebody_accepts(
    service: CaseService,
) -> None:
    case = await service.case()
    opened = rfc3339(service.clock())
    service.clock.turn(days=1)
    await service.join(case, YOT)
    await service.post(SCHOOL, f"/cases/{case}/reviews", {"review_on": "2031-06-01"})
    assert await queue(service) == [(case, opened)]
    nomination = await service.nominate(case, YOT)
    assert await queue(service) == [(case, opened)], "asking somebody is not having somebody"
    await service.post(YOT, f"/cases/{case}/nominations/{nomination}/acceptance")
    assert await queue(service) == []
    assert (await service.bundle(case))["case"]["vacant_since"] is None
    service.clock.turn(days=1)
    member = await service.member(case, YOT)
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Moved on."})
    left = rfc3339(service.clock() - timedelta(seconds=1))
    assert await queue(service) == [(case, left)], "the ending waited a second"
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "other"})
    assert await queue(service) == []
    service.clock.turn(days=30)
    await service.post(SCHOOL, f"/cases/{case}/reopening", {"reason": "Again."})
    assert await queue(service) == [(case, rfc3339(service.clock()))]
    handed = await service.case()
    await service.join(handed, YOT)
    await service.lead(handed, SCHOOL)
    await service.lead(handed, YOT)
    assert [found for found, _ in await queue(service)] == [case], "a handover leaves no gap"


async def run(service: CaseService, rules: CaseworkRules = RULES) -> dict[str, int]:
    store = open_store(service.url)
    try:
        return await run_clocks(store, service.clock(), rules)
    finally:
        await store.close()


async def test_a_case_of_several_agencies_that_nobody_leads_for_long_alarms_those_in_charge_once(
    service: CaseService,
) -> None:
    alone = await service.case()
    case = await service.case()
    await service.join(case, YOT)
    led = await service.case()
    await service.join(led, YOT)
    await service.lead(led, YOT)
    service.clock.turn(days=10, seconds=-1)
    assert (await run(service))["lead_vacant"] == 0
    assert (await run(service, CaseworkRules(days_without_lead=11)))["lead_vacant"] == 0
    service.clock.turn(seconds=1)
    # The two managers and the co-ordinators; nobody for the school's own case, nor for the one that is led.
    assert (await run(service))["lead_vacant"] == 3
    assert (await run(service))["lead_vacant"] == 0
    for who in (SCHOOL_MANAGER, YOT_MANAGER, COORDINATOR, OTHER_COORDINATOR):
        assert await kinds(service, who) == ["lead_vacant"], who.user
    for who in (SCHOOL, Caller("hal", "Hal", "city-housing", "team_manager")):
        assert await kinds(service, who) == []
    await service.lead(case, YOT)
    for who in (SCHOOL_MANAGER, YOT_MANAGER, COORDINATOR):
        assert await kinds(service, who) == [], "somebody leads again"
    member = await service.member(case, YOT)
    await service.join(case, HOUSING)
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Moved on."})
    assert await kinds(service, COORDINATOR) == ["lead_gone"], "told at once, before any clock"
    service.clock.turn(days=11)
    assert (await run(service))["lead_vacant"] == 3
    assert alone != case


async def test_a_case_that_everybody_has_left_is_not_lost(service: CaseService) -> None:
    """No agency is at work that could be told: the co-ordinators are, and of its review the partnership."""
    case = await service.case(review_on="2031-03-05")
    member = await service.member(case, SCHOOL)
    await service.post(SCHOOL, f"/cases/{case}/team/{member}/ending", {"reason": "Moved away."})
    assert [found for found, _ in await queue(service)] == [case]
    service.clock.turn(days=2)
    assert (await run(service))["review_escalated"] == 0, "it is not late yet"
    service.clock.turn(days=1)
    told = await run(service)
    assert (told["review_escalated"], told["review_overdue"], told["lead_vacant"]) == (1, 0, 0)
    service.clock.turn(days=7)
    told = await run(service)
    assert (told["review_escalated"], told["lead_vacant"]) == (0, 1), "ten days without a lead"
    assert sorted(await kinds(service, COORDINATOR)) == ["lead_vacant", "review_escalated"]
    assert await kinds(service, OTHER_COORDINATOR) == ["lead_vacant"]
    assert await kinds(service, SCHOOL_MANAGER) == []
    assert sum((await run(service)).values()) == 0


@pytest.mark.parametrize("how", ["ending", "departure"])
async def test_a_lead_who_leaves_is_missed_at_once_by_managers_and_coordinators(
    service: CaseService, how: str
) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    await service.lead(case, YOT)
    if how == "ending":
        await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "x"})
    else:
        path = f"/users/{YOT.user}/departure"
        gone = await service.post(YOT_MANAGER, path, {"agency": YOT.agency, "reason": "x"})
        assert gone["cases_without_lead"] == [case]
    for who in (SCHOOL_MANAGER, YOT_MANAGER, COORDINATOR):
        assert await kinds(service, who) == ["lead_gone"], who.user
    assert await kinds(service, SCHOOL) == []
    await service.lead(case, SCHOOL)
    for who in (SCHOOL_MANAGER, YOT_MANAGER, COORDINATOR):
        assert await kinds(service, who) == []


async def test_the_queue_walks_an_index_and_sorts_nothing(service: CaseService) -> None:
    fill(service, await service.person())
    place = {"since": "2031-02-14T09:00:00Z", "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}
    for after in (None, place):
        with queries() as seen:
            await service.post(COORDINATOR, "/vacancies", {"after": after, "limit": 50})
        plan = explained(service, *seen[0])
        assert "ix_vacancies_since_case_id" in plan, plan
        assert "Sort" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan
