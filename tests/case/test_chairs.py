"""Who is in the chair of a meeting: named anew or taken over, and told of when they leave or cannot act.

Three changes that make this fail: a meeting whose chair has left that is on nobody's list, a chair who was
named and is not told, a chair of a meeting that is over.
"""

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService
from tests.case.test_absences import away, back
from tests.case.test_meetings import PANELLIST, attend, close, invite, kinds, plan, run, standing
from tests.case.test_standing_in import stand_in
from tests.case.test_vacancies import COORDINATOR, YOT_MANAGER

pytestmark = pytest.mark.anyio


async def chair(service: CaseService, case: str, meeting: str) -> str:
    return str((await standing(service, case, meeting))["meeting"]["chair"]["user"])


async def hanging_on(service: CaseService, user: str) -> dict[str, list[str]]:
    found = await service.post(SCHOOL_MANAGER, "/gaps", {"user": user})
    return {case: gap["meeting"] for case, gap in found["gaps"].items() if gap["meeting"]}


async def led(service: CaseService) -> str:
    case = await service.case()
    for who in (YOT, HOUSING):
        await service.join(case, who)
    await service.lead(case, YOT)
    return case


async def test_a_chair_is_named_or_takes_over_and_is_told(service: CaseService) -> None:
    case = await led(service)
    meeting = await plan(service, case)
    path = f"/cases/{case}/meetings/{meeting}/chair"
    assert await service.post(YOT, path, {}) == {"id": meeting, "state": "planned"}
    assert (await chair(service, case, meeting), await kinds(service, YOT)) == (YOT.user, [])
    assert (await service.problem(YOT, "POST", path, {})).kind == "conflict"
    await service.post(YOT, path, {"member": await service.member(case, HOUSING)})
    assert (await chair(service, case, meeting), await kinds(service, HOUSING)) == (
        HOUSING.user, ["meeting_chair"],
    )  # fmt: skip
    await service.post(YOT, path, {"member": await service.member(case, SCHOOL)})
    assert (await kinds(service, HOUSING), await kinds(service, SCHOOL)) == ([], ["meeting_chair"])
    unknown = await service.problem(YOT, "POST", path, {"member": new_id()})
    assert (unknown.kind, [error.field for error in unknown.errors]) == ("invalid", ["member"])
    seat = await service.member(case, HOUSING)
    await service.post(HOUSING, f"/cases/{case}/team/{seat}/ending", {"reason": "Moved on"})
    assert (await service.problem(YOT, "POST", path, {"member": seat})).kind == "conflict"
    for other_case, other in ((case, new_id()), (await service.case(), meeting)):
        nowhere = f"/cases/{other_case}/meetings/{other}/chair"
        assert (await service.problem(YOT, "POST", nowhere, {})).kind == "not-found"
    await attend(service, case, meeting)
    await service.post(YOT, path, {})
    await close(service, case, meeting)
    assert (await service.problem(SCHOOL, "POST", path, {})).kind == "conflict", "it is over"
    cancelled = await plan(service, case)
    await service.post(SCHOOL, f"/cases/{case}/meetings/{cancelled}/cancellation", {"reason": "Snow"})
    late = f"/cases/{case}/meetings/{cancelled}/chair"
    assert (await service.problem(YOT, "POST", late, {})).kind == "conflict"


@pytest.mark.parametrize("how", ["ending", "departure"])
async def test_a_meeting_whose_chair_leaves_is_on_the_list_of_whoever_is_in_charge(
    service: CaseService, how: str
) -> None:
    case = await led(service)
    meeting, over = await plan(service, case), await plan(service, case)
    await attend(service, case, over)
    await close(service, case, over)
    assert await hanging_on(service, SCHOOL.user) == {case: [meeting]}
    if how == "ending":
        seat = await service.member(case, SCHOOL)
        await service.post(SCHOOL, f"/cases/{case}/team/{seat}/ending", {"reason": "Left"})
    else:
        body = {"agency": SCHOOL.agency, "reason": "Left"}
        await service.post(SCHOOL_MANAGER, f"/users/{SCHOOL.user}/departure", body)
    assert await kinds(service, YOT) == ["chair_gone"]
    assert await hanging_on(service, SCHOOL.user) == {case: [meeting]}, "until somebody takes it over"
    await service.post(YOT, f"/cases/{case}/meetings/{meeting}/chair", {})
    assert (await kinds(service, YOT), await hanging_on(service, SCHOOL.user)) == ([], {})


async def test_who_leaves_an_agency_leaves_the_chairs_of_meetings_elsewhere_too(service: CaseService) -> None:
    case = await led(service)
    body = {"meeting_kind": "panel", "title": "Panel", "starts_at": "2031-03-03T15:00:00Z"}
    panel = {"panel": {"name": "Inclusion"}, "eligibility": {"agreed": True}}
    await service.post(COORDINATOR, f"/cases/{case}/meetings", {**body, **panel})
    departure = {"agency": COORDINATOR.agency, "reason": "Left"}
    manager = Caller("mo", "Mo", COORDINATOR.agency, "team_manager")
    await service.post(manager, f"/users/{COORDINATOR.user}/departure", departure)
    assert await kinds(service, YOT) == ["chair_gone"]


async def test_a_chair_who_is_suspended_is_told_of_until_they_may_act_again(service: CaseService) -> None:
    case = await led(service)
    meeting = await plan(service, case)
    officer = Caller("ola", "Ola", SCHOOL.agency, "information_officer")
    occasion = await away(service, SCHOOL, officer, agency=SCHOOL.agency)
    assert await kinds(service, YOT) == ["chair_gone"]
    assert await hanging_on(service, SCHOOL.user) == {case: [meeting]}
    await back(service, occasion, who=SCHOOL, by=officer)
    assert await kinds(service, YOT) == []


async def test_what_nobody_recorded_is_told_to_who_is_in_charge_where_the_chair_has_gone(
    service: CaseService,
) -> None:
    case = await led(service)
    meeting = await plan(service, case)
    await invite(service, case, meeting, PANELLIST)
    seat = await service.member(case, SCHOOL)
    await service.post(SCHOOL, f"/cases/{case}/team/{seat}/ending", {"reason": "Left"})
    service.clock.turn(days=2)
    await run(service)
    assert await kinds(service, YOT) == ["meeting_not_recorded"]
    await service.post(YOT, f"/cases/{case}/meetings/{meeting}/chair", {})
    assert await kinds(service, YOT) == []
    assert (await attend(service, case, meeting))["state"] == "in_session"


async def test_where_the_lead_was_in_the_chair_managers_and_deputy_hear_of_it(service: CaseService) -> None:
    case = await led(service)
    meeting = await plan(service, case)
    await service.post(YOT, f"/cases/{case}/meetings/{meeting}/chair", {})
    await away(service)
    assert "chair_gone" in await kinds(service, SCHOOL_MANAGER)
    assert "chair_gone" in await kinds(service, YOT_MANAGER)
    other = await service.case(person=await service.person())
    for who in (YOT, HOUSING):
        await service.join(other, who)
    await service.lead(other, SCHOOL)
    await stand_in(service, other, HOUSING, "2031-03-03", "2031-03-09")
    await plan(service, other)
    officer = Caller("ola", "Ola", SCHOOL.agency, "information_officer")
    await away(service, SCHOOL, officer, agency=SCHOOL.agency)
    assert sorted(await kinds(service, HOUSING)) == ["chair_gone", "deputy"]
