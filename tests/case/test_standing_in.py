"""Objections, deputies and caseloads: who is told, who stands in when, and how much is too much.

Three changes that make this fail: an objection that unseats a lead, a deputy who stays when the lead whom
they stood in for has gone, a load that counts closed cases or what somebody leads for another agency.
"""

import asyncio
from typing import Any

import pytest

from services.case.cases.relationship import Place
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from services.case.notices import in_charge
from shared.identity import Caller
from shared.problems import Problem
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService
from tests.case.test_notices import kinds
from tests.case.test_vacancies import YOT_MANAGER

pytestmark = pytest.mark.anyio


async def test_an_objection_ends_an_open_nomination_and_tells_both_sides(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    nomination = await service.nominate(case, YOT)
    path, body = f"/cases/{case}/nominations/{nomination}/objection", {"reason": "She covers two courts."}
    assert (await service.problem(SCHOOL_MANAGER, "POST", path, body)).kind == "forbidden"
    assert await service.post(YOT_MANAGER, path, body) == {"id": nomination, "state": "objected"}
    [told] = (await service.bundle(case))["nominations"]
    assert (told["state"], told["objection"]) == ("objected", "She covers two courts.")
    assert (told["objected_at"], told["reason"]) == (told["answered_at"], None)
    assert await kinds(service, YOT) == ["nomination_objected"]
    assert await kinds(service, SCHOOL) == ["nomination_objected"]
    acceptance = f"/cases/{case}/nominations/{nomination}/acceptance"
    assert (await service.problem(YOT, "POST", acceptance)).kind == "conflict"
    assert (await service.problem(YOT_MANAGER, "POST", path, body)).kind == "conflict"
    assert await service.lead(case, SCHOOL), "somebody else can be asked"


async def test_an_objection_to_a_lead_who_accepted_is_told_and_unseats_nobody(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    nomination = await service.lead(case, YOT)
    path, body = f"/cases/{case}/nominations/{nomination}/objection", {"reason": "She covers two courts."}
    assert (await service.post(YOT_MANAGER, path, body))["state"] == "accepted"
    assert (await service.bundle(case))["lead"]["user"] == YOT.user
    for who in (YOT, SCHOOL, SCHOOL_MANAGER):
        assert await kinds(service, who) == ["nomination_objected"], who.user
    assert (await service.problem(YOT_MANAGER, "POST", path, body)).kind == "conflict"
    await service.lead(case, SCHOOL)
    other = await service.lead(case, YOT)
    await service.lead(case, SCHOOL)
    late = f"/cases/{case}/nominations/{other}/objection"
    assert (await service.problem(YOT_MANAGER, "POST", late, body)).kind == "conflict"
    nowhere = f"/cases/{await service.case()}/nominations/{other}/objection"
    assert (await service.problem(YOT_MANAGER, "POST", nowhere, body)).kind == "not-found"


async def test_whoever_nominated_is_told_of_a_refusal_and_a_panel_may_take_its_own_back(
    service: CaseService,
) -> None:
    case = await service.case()
    await service.join(case, YOT)
    coordinator = Caller("paul", "Paul Ensor", "partnership-office", "coordinator")
    body = {"member": await service.member(case, YOT), "by": "panel"}
    first = (await service.post(coordinator, f"/cases/{case}/nominations", body))["id"]
    await service.post(YOT, f"/cases/{case}/nominations/{first}/refusal", {"reason": "I leave in March."})
    assert await kinds(service, coordinator) == ["nomination_refused"]
    service.clock.turn(minutes=1)
    second = (await service.post(coordinator, f"/cases/{case}/nominations", body))["id"]
    withdrawal = f"/cases/{case}/nominations/{second}/withdrawal"
    assert (await service.problem(HOUSING, "POST", withdrawal)).kind == "forbidden"
    assert (await service.post(coordinator, withdrawal))["state"] == "withdrawn"
    asked = (await service.bundle(case))["nominations"]
    assert [(one["nominated_by"], one["state"]) for one in asked] == [
        ("panel", "refused"), ("panel", "withdrawn"),
    ]  # fmt: skip
    unknown = {**body, "by": "the mayor"}
    assert (await service.problem(SCHOOL, "POST", f"/cases/{case}/nominations", unknown)).kind == "invalid"


async def stand_in(service: CaseService, case: str, who: Caller, since: str, until: str) -> str:
    body = {"member": await service.member(case, who), "since": since, "until": until}
    return str((await service.post(SCHOOL, f"/cases/{case}/deputies", body))["id"])


async def deputy(service: CaseService, case: str) -> Any:
    return (await service.bundle(case, HOUSING))["deputy"]


async def test_a_deputy_stands_in_on_their_days_and_is_no_more_than_a_member(service: CaseService) -> None:
    case = await service.case()
    for who in (YOT, HOUSING):
        await service.join(case, who)
    path = f"/cases/{case}/deputies"
    body = {"member": await service.member(case, YOT), "since": "2031-03-05", "until": "2031-03-07"}
    assert (await service.problem(SCHOOL, "POST", path, body)).kind == "conflict", "nobody leads"
    await service.lead(case, SCHOOL)
    await service.post(SCHOOL, path, body)
    assert await kinds(service, YOT) == ["deputy"]
    assert (await service.problem(SCHOOL, "POST", path, body)).kind == "conflict", "somebody does already"
    own = {**body, "member": await service.member(case, SCHOOL)}
    assert (await service.problem(SCHOOL, "POST", path, own)).kind == "conflict"
    stranger = {**body, "member": case}
    assert (await service.problem(SCHOOL, "POST", path, stranger)).kind == "invalid"
    await stand_in(service, case, HOUSING, "2031-03-07", "2031-03-08")
    seen = []
    for _ in range(6):
        card = await deputy(service, case)
        seen.append(None if card is None else card["user"])
        assert (await service.bundle(case, YOT))["relationship"] == "member"
        service.clock.turn(days=1)
    assert seen == [None, None, "yusuf", "yusuf", "hanna", None]
    listed = (await service.get(SCHOOL, path))["deputies"]
    assert [(one["user"], one["since"], one["until"]) for one in listed] == [
        ("yusuf", "2031-03-05", "2031-03-07"), ("hanna", "2031-03-07", "2031-03-08"),
    ]  # fmt: skip


async def test_who_stands_in_hears_on_their_days_what_the_lead_is_told(service: CaseService) -> None:
    """An alarm for somebody who is away would be heard by nobody. They read under their own rights."""
    case = await service.case(review_on="2031-03-03")
    for who in (YOT, HOUSING):
        await service.join(case, who)
    await service.lead(case, SCHOOL)
    await stand_in(service, case, YOT, "2031-03-04", "2031-03-05")
    service.clock.turn(days=1)
    told = await asyncio.to_thread(run_clocks_of, service.url, service.clock(), CaseworkRules())
    assert told["review_overdue"] == 2
    for who, heard in ((SCHOOL, True), (YOT, True), (HOUSING, False), (SCHOOL_MANAGER, False)):
        assert ("review_overdue" in await kinds(service, who)) is heard, who.user
    service.clock.turn(days=1)
    await service.post(SCHOOL, f"/cases/{case}/reviews", {"review_on": "2031-03-05"})
    service.clock.turn(days=1)
    told = await asyncio.to_thread(run_clocks_of, service.url, service.clock(), CaseworkRules())
    assert told["review_overdue"] == 1, "the lead is back"
    assert "review_overdue" not in await kinds(service, YOT)


def test_an_alarm_that_comes_of_what_is_hidden_from_others_is_for_the_lead_and_managers_alone() -> None:
    lead_place = Place("priya", "school", "practitioner", leads=True)
    deputy_place = Place("yusuf", "yot", "practitioner", leads=False, stands_in=True)
    places = [lead_place, deputy_place]
    assert [one.address for one in in_charge.lead(places)] == ["user:priya", "user:yusuf"]
    assert [one.address for one in in_charge.lead_or_managers(places)] == ["user:priya", "user:yusuf"]
    assert [(one.agency, one.address) for one in in_charge.lead_and_managers(places)] == [
        ("school", "user:priya"), ("school", "role:team_manager"), ("yot", "role:team_manager"),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["ended", "deputy left", "lead left", "handover"])
async def test_nobody_stands_in_who_was_told_to_stop_has_left_or_whose_lead_has_gone(
    service: CaseService, how: str
) -> None:
    case = await service.case()
    for who in (YOT, HOUSING):
        await service.join(case, who)
    await service.lead(case, SCHOOL)
    named = await stand_in(service, case, YOT, "2031-03-03", "2031-04-03")
    assert (await deputy(service, case))["telephone"] == "01632 960101"
    if how == "ended":
        path = f"/cases/{case}/deputies/{named}/ending"
        assert await service.post(SCHOOL, path) == {"id": named, "state": "ended"}
        assert (await service.problem(SCHOOL, "POST", path)).kind == "conflict"
        nowhere = f"/cases/{await service.case()}/deputies/{named}/ending"
        assert (await service.problem(SCHOOL, "POST", nowhere)).kind == "not-found"
    elif how == "handover":
        await service.lead(case, HOUSING)
    else:
        gone = YOT if how == "deputy left" else SCHOOL
        member = await service.member(case, gone)
        await service.post(gone, f"/cases/{case}/team/{member}/ending", {"reason": "x"})
    assert await deputy(service, case) is None
    assert (await service.get(HOUSING, f"/cases/{case}/deputies"))["deputies"][0]["ended_at"] is not None
    assert "deputy" not in await kinds(service, YOT), "nothing to do any more"
    assert await kinds(service, SCHOOL) == (["deputy_gone"] if how == "deputy left" else [])
    if how != "lead left":
        await stand_in(service, case, SCHOOL if how == "handover" else HOUSING, "2031-03-10", "2031-03-11")


async def load(service: CaseService, case: str, nomination: str) -> Any:
    return await service.get(SCHOOL, f"/cases/{case}/nominations/{nomination}/load")


async def test_what_somebody_leads_is_the_weight_of_their_open_cases_for_that_agency(
    service: CaseService,
) -> None:
    elsewhere = Caller(YOT.user, YOT.name, "city-housing", YOT.role)
    for weight, who, closed in ((2, YOT, False), (5, YOT, True), (4, elsewhere, False), (3, HOUSING, False)):
        case = await service.case(who)
        await service.post(who, f"/cases/{case}/weight", {"weight": weight})
        nomination = await service.nominate(case, who, by=who)
        await service.post(who, f"/cases/{case}/nominations/{nomination}/acceptance")
        if closed:
            await service.post(who, f"/cases/{case}/closure", {"reason": "other"})
    case = await service.case()
    await service.join(case, YOT)
    await service.post(SCHOOL, f"/cases/{case}/weight", {"weight": 3})
    nomination = await service.nominate(case, YOT)
    assert await load(service, case, nomination) == {"load": 2, "cap": None, "weight": 3}
    cap = f"/users/{YOT.user}/caseload-cap"
    assert await service.post(YOT_MANAGER, cap, {"cap": 4}) == {"user": YOT.user, "cap": 4}
    assert await load(service, case, nomination) == {"load": 2, "cap": 4, "weight": 3}
    assert await service.get(YOT_MANAGER, cap) == {"user": YOT.user, "load": 2, "cap": 4}
    assert await service.get(SCHOOL_MANAGER, cap) == {"user": YOT.user, "load": 0, "cap": None}
    for method, sent in (("GET", None), ("POST", {"cap": 9})):
        assert (await service.problem(YOT, method, cap, sent)).kind == "forbidden"
    await service.post(SCHOOL, f"/cases/{case}/nominations/{nomination}/withdrawal")
    body = {"member": await service.member(case, YOT)}
    refused = await service.problem(SCHOOL, "POST", f"/cases/{case}/nominations", body)
    assert (refused.kind, refused.errors[0].field) == ("invalid", "exceeds_cap_because")
    service.clock.turn(minutes=1)
    told: dict[str, Any] = {**body, "exceeds_cap_because": "He knows the family."}
    await service.post(SCHOOL, f"/cases/{case}/nominations", told)
    assert (await service.bundle(case))["nominations"][-1]["exceeds_cap_because"] == "He knows the family."
    await service.post(YOT_MANAGER, cap, {"cap": 5})
    bad: list[tuple[str, Any]] = [
        (cap, {"cap": -1}),
        (cap, {"cap": "5"}),
        (f"/cases/{case}/weight", {"weight": 6}),
    ]
    for cap_of, wrong in bad:
        assert (await service.problem(YOT_MANAGER, "POST", cap_of, wrong)).kind == "invalid"


async def test_a_reason_that_nothing_calls_for_is_not_kept(service: CaseService) -> None:
    case = await service.case()
    body = {"member": await service.member(case, SCHOOL), "exceeds_cap_because": "Just in case."}
    await service.post(SCHOOL, f"/cases/{case}/nominations", body)
    assert (await service.bundle(case))["nominations"][0]["exceeds_cap_because"] is None


async def test_an_objection_an_acceptance_and_a_departure_at_once_leave_one_lead_or_a_vacancy(
    service: CaseService,
) -> None:
    """A real race, on PostgreSQL between transactions of their own: whoever comes first, all of it fits."""
    met = set()
    for turn in range(12):
        case = await service.case()
        member = await service.join(case, YOT)
        nomination = await service.nominate(case, YOT)
        path = f"/cases/{case}/nominations/{nomination}"
        asked: list[tuple[Caller, str, Any]] = [
            (YOT, f"{path}/acceptance", None),
            (YOT_MANAGER, f"{path}/objection", {"reason": "She covers two courts."}),
            (SCHOOL, f"/cases/{case}/team/{member}/ending", {"reason": "x"}),
        ]
        turned = asked[turn % 3 :] + asked[: turn % 3]
        results = await asyncio.gather(*(attempt(service, *one) for one in turned))
        met.add(tuple(sorted(results)))
        bundle = await service.bundle(case)
        [answered] = bundle["nominations"]
        assert answered["state"] in ("accepted", "objected", "withdrawn")
        assert bundle["lead"] is None, "who has left leads nothing"
        assert bundle["case"]["vacant_since"] is not None
        led = bundle["lead_history"]
        assert len(led) == (answered["state"] == "accepted")
        assert all(period["until"] is not None for period in led)
        assert ("lead_gone" in await kinds(service, SCHOOL_MANAGER)) or not led
    assert met


async def attempt(service: CaseService, who: Caller, path: str, body: Any) -> str:
    try:
        await service.post(who, path, body)
    except Problem as problem:
        return problem.kind
    return "done"
