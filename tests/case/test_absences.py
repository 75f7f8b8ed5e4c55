"""A lead who cannot act for a while: their cases are vacant from that moment, and theirs again afterwards.

Three changes that make this fail: a lead who is away still counting as one, a second suspension that is
forgotten when the first is lifted, a deputy who is away as well standing in.
"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.case.cases.relationship import Place
from services.case.notices import in_charge
from services.case.notices.audience import for_role, for_user
from shared.clock import rfc3339
from shared.identity import Caller
from shared.ids import new_id
from shared.vocabulary import Role
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService
from tests.case.test_notices import kinds
from tests.case.test_standing_in import stand_in
from tests.case.test_vacancies import COORDINATOR, YOT_MANAGER, queue, run

pytestmark = pytest.mark.anyio
OFFICER = Caller("olga", "Olga", YOT.agency, "information_officer")
PARTNERSHIP_OFFICER = Caller("una", "Una", "partnership-office", "information_officer")


async def away(
    service: CaseService, who: Caller = YOT, by: Caller = OFFICER, *, agency: str | None = YOT.agency
) -> str:
    occasion = new_id()
    await service.post(by, f"/users/{who.user}/absence", {"agency": agency, "occasion": occasion})
    return occasion


async def back(service: CaseService, *occasions: str, who: Caller = YOT, by: Caller = OFFICER) -> None:
    await service.post(by, f"/users/{who.user}/absence/ending", {"occasions": list(occasions)})


async def led_by_yot(service: CaseService) -> str:
    case = await service.case(person=await service.person())
    for who in (YOT, HOUSING):
        await service.join(case, who)
    await service.lead(case, YOT)
    return case


async def without_lead(service: CaseService, who: Caller) -> list[str]:
    page = await service.post(who, "/caseload", {"filter": "no_lead", "limit": 100})
    return [bundle["case"]["id"] for bundle in page["bundles"]]


async def test_a_lead_who_cannot_act_leaves_their_cases_vacant_until_they_can(service: CaseService) -> None:
    case, other = await led_by_yot(service), await service.case(person=await service.person())
    await service.join(other, YOT)
    await service.lead(other, SCHOOL)
    service.clock.turn(hours=1)
    stopped = rfc3339(service.clock())
    assert (await queue(service), await without_lead(service, HOUSING)) == ([], [])
    occasion = await away(service)
    assert await queue(service) == [(case, stopped)]
    for who in (SCHOOL, HOUSING, YOT):
        assert await without_lead(service, who) == [case], who.user
    bundle = await service.bundle(case)
    assert (bundle["lead"], bundle["case"]["vacant_since"]) == (None, stopped)
    assert [one["user"] for one in bundle["lead_history"]] == [YOT.user], "they led, and that is kept"
    service.clock.turn(hours=1)
    await service.post(SCHOOL, f"/cases/{case}/reviews", {"review_on": "2031-06-01"})
    assert await queue(service) == [(case, stopped)], "it began when they were stopped"
    await back(service, occasion)
    assert (await queue(service), await without_lead(service, HOUSING)) == ([], [])
    bundle = await service.bundle(case)
    assert (bundle["lead"]["user"], bundle["case"]["vacant_since"]) == (YOT.user, None)
    assert await kinds(service, COORDINATOR) == []


async def test_the_alarm_of_a_case_without_a_lead_sounds_and_ends_with_the_absence(
    service: CaseService,
) -> None:
    await led_by_yot(service)
    occasion = await away(service)
    service.clock.turn(days=9)
    assert (await run(service))["lead_vacant"] == 0
    service.clock.turn(days=1)
    assert (await run(service))["lead_vacant"] == 4, "three managers and the co-ordinators"
    assert (await run(service))["lead_vacant"] == 0
    assert sorted(await kinds(service, COORDINATOR)) == ["lead_gone", "lead_vacant"]
    await back(service, occasion)
    for who in (COORDINATOR, YOT_MANAGER, SCHOOL_MANAGER):
        assert await kinds(service, who) == [], who.user
    assert (await run(service))["lead_vacant"] == 0


async def test_somebody_else_may_take_over_from_a_lead_who_cannot_act(service: CaseService) -> None:
    case = await led_by_yot(service)
    occasion = await away(service)
    await service.lead(case, HOUSING)
    assert (await service.bundle(case))["lead"]["user"] == HOUSING.user
    assert (await queue(service), await kinds(service, COORDINATOR)) == ([], [])
    await back(service, occasion)
    assert (await service.bundle(case))["lead"]["user"] == HOUSING.user, "what was taken over stays so"
    assert await queue(service) == []


async def test_who_stands_in_is_in_charge_on_their_days_unless_they_are_away_too(
    service: CaseService,
) -> None:
    case = await led_by_yot(service)
    await stand_in(service, case, HOUSING, "2031-03-03", "2031-03-05")
    await away(service)
    assert (await queue(service), await without_lead(service, SCHOOL)) == ([], [])
    bundle = await service.bundle(case)
    assert (bundle["lead"]["user"], bundle["lead"]["telephone"]) == (YOT.user, None), "nobody rings them"
    assert (bundle["deputy"]["user"], bundle["case"]["vacant_since"]) == (HOUSING.user, None)
    at_housing = Caller("ho", "Ho", HOUSING.agency, "information_officer")
    gone = await away(service, HOUSING, at_housing, agency=HOUSING.agency)
    assert [one for one, _ in await queue(service)] == [case]
    assert (await service.bundle(case))["deputy"] is None
    await back(service, gone, who=HOUSING, by=at_housing)
    assert await queue(service) == []
    service.clock.turn(days=2)
    assert [one for one, _ in await queue(service)] == [case], "their days are over, and the lead is not back"
    assert await without_lead(service, SCHOOL) == [case]


async def test_two_suspensions_are_two_and_one_that_is_sent_late_begins_nothing(service: CaseService) -> None:
    case = await led_by_yot(service)
    own, everywhere = await away(service), await away(service, by=PARTNERSHIP_OFFICER, agency=None)
    await back(service, own)
    assert [one for one, _ in await queue(service)] == [case]
    await back(service, everywhere, by=PARTNERSHIP_OFFICER)
    assert await queue(service) == []
    for occasion in (own, everywhere):
        late = {"agency": YOT.agency, "occasion": occasion}
        await service.post(OFFICER, f"/users/{YOT.user}/absence", late)
        assert await queue(service) == [], "it was lifted"
    never_heard = new_id()
    await back(service, never_heard)
    late = {"agency": YOT.agency, "occasion": never_heard}
    await service.post(OFFICER, f"/users/{YOT.user}/absence", late)
    assert await queue(service) == []
    elsewhere = Caller("hal", "Hal", HOUSING.agency, "information_officer")
    await away(service, by=elsewhere, agency=HOUSING.agency)
    assert await queue(service) == [], "for another agency they are not on this team"


async def test_closing_opening_and_accepting_while_away_count_them_as_away(service: CaseService) -> None:
    case = await led_by_yot(service)
    occasion = await away(service)
    closure = {"reason": "other", "promises": [], "not_shown": []}
    await service.post(SCHOOL, f"/cases/{case}/closure", closure)
    assert await queue(service) == []
    await service.post(SCHOOL, f"/cases/{case}/reopening", {"reason": "Again"})
    assert [one for one, _ in await queue(service)] == [case]
    asked = await service.case(person=await service.person())
    await service.join(asked, YOT)
    nomination = await service.nominate(asked, YOT)
    # As if their answer had been on its way when they were stopped.
    await service.post(YOT, f"/cases/{asked}/nominations/{nomination}/acceptance")
    assert {one for one, _ in await queue(service)} == {case, asked}
    await back(service, occasion)
    assert await queue(service) == []


async def test_a_lead_who_begins_while_they_are_stopped_is_never_counted_as_one(service: CaseService) -> None:
    """Whichever comes first, on both stores."""
    for _ in range(8):
        case = await service.case(person=await service.person())
        await service.join(case, YOT)
        nomination = await service.nominate(case, YOT)
        acceptance = service.post(YOT, f"/cases/{case}/nominations/{nomination}/acceptance")
        _, occasion = await asyncio.gather(acceptance, away(service))
        assert [one for one, _ in await queue(service)] == [case]
        await back(service, occasion)
        await service.lead(case, SCHOOL)


async def shown_nothing(service: CaseService, days: float, *roles: tuple[str, str]) -> None:
    """A policy that counts in so many days shows leads nothing in these roles."""
    since = rfc3339(service.clock() + timedelta(days=days))
    named = [{"agency": agency, "role": role} for agency, role in roles]
    await service.post(OFFICER, "/roles-shown-nothing", {"since": since, "roles": named})


async def test_a_lead_in_a_role_that_is_shown_nothing_leaves_the_case_vacant_while_it_is(
    service: CaseService,
) -> None:
    """From the day on which the policy counts; who works there in that role and does not lead is not away."""
    case, other = await led_by_yot(service), await service.case(person=await service.person())
    await service.join(other, YOT)
    await service.lead(other, SCHOOL)
    theirs = (YOT.agency, "practitioner")
    told = (COORDINATOR, YOT_MANAGER, SCHOOL_MANAGER)
    await shown_nothing(service, 2, theirs, (HOUSING.agency, "team_manager"))
    assert ((await run(service))["lead_gone"], await queue(service)) == (0, []), "it does not count yet"
    service.clock.turn(days=2)
    since = rfc3339(service.clock())
    assert [(await run(service))["lead_gone"] for _ in range(2)] == [4, 0], (
        "three managers, the co-ordinators"
    )
    assert await queue(service) == [(case, since)]
    assert (await service.bundle(case))["lead"] is None
    assert [await kinds(service, who) for who in told] == [["lead_gone"]] * 3
    # What waits for whoever is in charge goes to who can act, and somebody else may be asked to lead.
    await service.post(SCHOOL, f"/cases/{case}/reviews", {"review_on": "2031-03-06"})
    service.clock.turn(days=2)
    assert (await run(service))["review_overdue"] >= 3
    assert "review_overdue" in await kinds(service, SCHOOL_MANAGER)
    await shown_nothing(service, 0)
    assert await queue(service) == []
    assert "lead_gone" not in await kinds(service, COORDINATOR)
    assert (await service.bundle(case))["lead"]["user"] == YOT.user
    await shown_nothing(service, 0, theirs)
    assert [one for one, _ in await queue(service)] == [case]
    await service.lead(case, HOUSING)
    assert (await queue(service), "lead_gone" in await kinds(service, COORDINATOR)) == ([], False)


async def test_the_policy_that_was_published_last_says_who_is_shown_nothing_from_its_date_on(
    service: CaseService,
) -> None:
    """Fails when one that was to come later, and was overtaken, begins all the same, or when what both say
    falls out in between."""
    case, theirs = await led_by_yot(service), (YOT.agency, "practitioner")
    await shown_nothing(service, 5, theirs)
    await shown_nothing(service, 3)
    service.clock.turn(days=6)
    assert ((await run(service))["lead_gone"], await queue(service)) == (0, [])
    await shown_nothing(service, 0, theirs)
    [(found, since)] = await queue(service)
    assert found == case
    await shown_nothing(service, 1, theirs)
    service.clock.turn(days=2)
    assert (await run(service))["lead_gone"] == 0
    assert await queue(service) == [(case, since)], "it was vacant all the time"
    body = {"since": rfc3339(service.clock()), "roles": []}
    refused = await service.problem(YOT, "POST", "/roles-shown-nothing", body)
    assert (refused.kind, await queue(service)) == ("forbidden", [(case, since)])


def test_what_nobody_in_charge_could_hear_the_managers_hear_too() -> None:
    lead = Place(YOT.user, YOT.agency, "practitioner", leads=True, away=True)
    deputy = Place(HOUSING.user, HOUSING.agency, "practitioner", leads=False, stands_in=True)
    both = [for_role(HOUSING.agency, Role.TEAM_MANAGER), for_role(YOT.agency, Role.TEAM_MANAGER)]
    own, stands_in = for_user(YOT.agency, YOT.user), for_user(HOUSING.agency, HOUSING.user)
    table: list[tuple[list[Any], list[Any]]] = [
        ([lead, deputy], [own, stands_in]),
        ([lead], [own, both[1]]),
        ([lead, Place(HOUSING.user, HOUSING.agency, "practitioner", leads=False)], [own, *both]),
        ([lead, Place(HOUSING.user, HOUSING.agency, "", leads=False, stands_in=True, away=True)],
         [own, stands_in, *both]),
    ]  # fmt: skip
    for places, told in table:
        assert in_charge.lead_or_managers(places) == told
