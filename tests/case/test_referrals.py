"""Referrals: who is asked considers the case until they have answered; silence is no refusal.

Three changes that make this fail: leaving somebody considering after the answer, counting no reply as a
refusal in the alarm, letting any agency answer.
"""

import asyncio
from typing import Any

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from services.case.referrals.lifecycle import LIFECYCLE
from shared.identity import Caller
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService, D, Json

pytestmark = pytest.mark.anyio

CLINIC = "riverside-clinic"
COORDINATOR = Caller("cora", "Cora Lind", CLINIC, "coordinator")
NURSE = Caller("nils", "Nils Aye", CLINIC, "practitioner")
COLLEAGUE = Caller("cleo", "Cleo Ray", CLINIC, "practitioner")
REFERRER = Caller("rafe", "Rafe Hill", "surgery", "referrer")
CLOSED = {"accepted", "refused", "withdrawn"}


async def refer(running: CaseService, case: str, by: Caller = SCHOOL, **changes: Any) -> str:
    body = {"agency": CLINIC, "reason": "He cannot settle.", **changes}
    return str((await running.post(by, f"/cases/{case}/referrals", body))["id"])


async def is_to(service: CaseService, case: str, *callers: Caller) -> list[str]:
    return [(await service.bundle(case, caller))["relationship"] for caller in callers]


async def entry(service: CaseService, case: str, id: str) -> Json:
    entries = (await service.bundle(case))["entries"]
    found: Json = next(one for one in entries if one["id"] == id)
    return found


async def inbox(service: CaseService, who: Caller) -> list[str]:
    page = await service.post(who, "/referrals/inbox", {"limit": 10})
    return [one["entries"][0]["id"] for one in page["bundles"]]


async def kinds(service: CaseService, who: Caller) -> list[str]:
    found = await service.post(who, "/notices/mine", {"limit": 100})
    return [notice["kind"] for notice in found["notices"]]


async def run(service: CaseService) -> dict[str, int]:
    return await asyncio.to_thread(run_clocks_of, service.url, service.clock(), CaseworkRules())


async def answer(service: CaseService, referral: str, how: str, by: Caller = COORDINATOR) -> Json:
    body = {"reason": "Too young"} if how == "refusal" else {"note": "On Monday"}
    answered: Json = await service.post(by, f"/referrals/{referral}/{how}", body)
    return answered


async def test_a_referral_is_an_entry_of_its_sender_that_the_agency_asked_reads_as_its_own(
    service: CaseService,
) -> None:
    case = await service.case()
    referral = await refer(service, case, categories=["mental_health"], service="Early help clinic")
    found = await entry(service, case, referral)
    assert (found["area"], found["kind"], found["owner"], found["accountable"]) == (
        "referrals", "referral", SCHOOL.agency, CLINIC,
    )  # fmt: skip
    assert found["categories"] == ["plan", "mental_health"]
    assert found["fields"] == {
        "agency": CLINIC, "service": "Early help clinic", "reason": "He cannot settle.",
        "answer_by": "2031-03-17", "state": "waiting",
    }  # fmt: skip


async def test_the_coordinators_of_the_agency_consider_the_case_at_once_and_its_practitioners_once_named(
    service: CaseService,
) -> None:
    case = await service.case()
    assert await is_to(service, case, COORDINATOR, NURSE, REFERRER) == ["none"] * 3
    referral = await refer(service, case, referrer={"agency": "surgery", "user": "rafe"})
    assert await is_to(service, case, COORDINATOR, NURSE, COLLEAGUE, REFERRER) == [
        "considering", "none", "none", "considering",
    ]  # fmt: skip
    assert await kinds(service, COORDINATOR) == ["referral"]
    taken = await service.post(
        COORDINATOR, f"/referrals/{referral}/take-up", {"user": "nils", "name": "Nils Aye"}
    )
    assert taken == {"id": referral, "version": 2, "state": "waiting"}
    assert await is_to(service, case, COORDINATOR, NURSE, COLLEAGUE) == ["considering", "considering", "none"]
    assert await kinds(service, NURSE) == ["referral"]
    assert (await entry(service, case, referral))["fields"]["taken_up_by"] == "Nils Aye"
    as_volunteer = Caller("nils", "Nils Aye", CLINIC, "volunteer")
    assert await is_to(service, case, as_volunteer) == ["none"]


async def test_somebody_may_be_meant_from_the_start(service: CaseService) -> None:
    case = await service.case()
    await refer(service, case, attention_of={"user": "nils", "name": "Nils Aye"})
    assert await is_to(service, case, NURSE, COLLEAGUE) == ["considering", "none"]
    assert await kinds(service, NURSE) == ["referral"]


@pytest.mark.parametrize(
    ("how", "state"), [("acceptance", "accepted"), ("refusal", "refused"), ("withdrawal", "withdrawn")]
)
async def test_considering_ends_with_the_answer_for_everybody_and_is_enforced(
    service: CaseService, how: str, state: str
) -> None:
    case = await service.case()
    referral = await refer(
        service, case, referrer={"agency": "surgery", "user": "rafe"},
        attention_of={"user": "nils", "name": "Nils Aye"},
    )  # fmt: skip
    if how == "withdrawal":
        done = await service.post(SCHOOL, f"/cases/{case}/referrals/{referral}/withdrawal")
    else:
        done = await answer(service, referral, how, NURSE)
    assert (done["state"], done["enforced_at"]) == (state, "2031-03-03T09:00:01.000000Z")
    assert service.slept == [D]
    assert await is_to(service, case, COORDINATOR, NURSE, REFERRER) == ["none"] * 3
    assert (await entry(service, case, referral))["fields"]["state"] == state
    assert await inbox(service, COORDINATOR) == []
    assert await kinds(service, COORDINATOR) == await kinds(service, NURSE) == []


async def test_an_answer_is_an_entry_of_its_agency_and_tells_whoever_asked_and_is_in_charge(
    service: CaseService,
) -> None:
    case = await service.case()
    await service.join(case, YOT)
    await service.lead(case, YOT)
    referral = await refer(service, case, categories=["wellbeing"])
    done = await answer(service, referral, "refusal")
    said = await entry(service, case, done["answer"])
    assert (said["kind"], said["owner"], said["accountable"]) == ("referral_answer", CLINIC, SCHOOL.agency)
    assert said["categories"] == ["involvement", "plan", "wellbeing"]
    assert said["fields"] == {"referral": referral, "answer": "refused", "reason": "Too young"}
    assert await kinds(service, SCHOOL) == await kinds(service, YOT) == ["referral_answered"]
    assert await kinds(service, SCHOOL_MANAGER) == []


@pytest.mark.parametrize("how", ["acceptance", "refusal"])
async def test_an_answer_is_given_once_and_by_the_agency_that_was_asked(
    service: CaseService, how: str
) -> None:
    case = await service.case()
    referral = await refer(service, case)
    for who in (SCHOOL, HOUSING, REFERRER):
        refused = await service.problem(
            who, "POST", f"/referrals/{referral}/{how}", {"reason": "x"} if how == "refusal" else {}
        )
        assert refused.kind == "not-found"
        assert (await service.problem(who, "GET", f"/referrals/{referral}")).kind == "not-found"
    await answer(service, referral, how)
    before = service.rows()
    for again in ("acceptance", "refusal"):
        body = {"reason": "No"} if again == "refusal" else {}
        problem = await service.problem(COORDINATOR, "POST", f"/referrals/{referral}/{again}", body)
        assert (problem.kind, "answered already" in problem.detail) == ("conflict", True)
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/referrals/{referral}/withdrawal")
    assert problem.kind == "conflict"
    assert service.rows() == before


async def test_only_who_asked_takes_a_referral_back_and_nobody_is_asked_twice_at_once(
    service: CaseService,
) -> None:
    case = await service.case()
    await service.join(case, YOT)
    referral = await refer(service, case)
    problem = await service.problem(YOT, "POST", f"/cases/{case}/referrals/{referral}/withdrawal")
    assert problem.kind == "forbidden"
    body = {"agency": CLINIC, "reason": "Again"}
    assert (await service.problem(SCHOOL, "POST", f"/cases/{case}/referrals", body)).kind == "conflict"
    await refer(service, case, YOT)
    await answer(service, referral, "refusal")
    await refer(service, case)


async def test_bad_referrals_are_refused_by_field_and_nothing_is_kept(service: CaseService) -> None:
    case, stranger = await service.case(), await service.person(given_names="Nobody")
    before = service.rows()
    for changes, field in (
        ({"answer_by": "2031-03-02"}, "answer_by"),
        ({"subjects": [stranger]}, "subjects.0"),
        ({"agency": "Clinic"}, "agency"),
        ({"reason": "\u200b"}, "reason"),
        ({"more": 1}, "more"),
    ):
        body = {"agency": CLINIC, "reason": "He cannot settle.", **changes}
        problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/referrals", body)
        assert [error.field for error in problem.errors] == [field]
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    body = {"agency": CLINIC, "reason": "He cannot settle."}
    assert (await service.problem(SCHOOL, "POST", f"/cases/{case}/referrals", body)).kind == "conflict"
    counts = service.rows()
    assert (counts["referrals"], counts["considerations"]) == (0, 0)
    assert counts["entries"] == before["entries"] + 1, "the closure"


async def test_no_reply_is_said_once_and_is_no_refusal(service: CaseService) -> None:
    case = await service.case()
    referral = await refer(service, case, answer_by="2031-03-05")
    service.clock.turn(days=2)
    assert (await run(service))["referral_no_reply"] == 0
    service.clock.turn(days=1)
    assert (await run(service))["referral_no_reply"] == 2, "who asked, and the manager of the agency at work"
    assert (await run(service))["referral_no_reply"] == 0
    assert await kinds(service, SCHOOL) == await kinds(service, SCHOOL_MANAGER) == ["referral_no_reply"]
    assert (await entry(service, case, referral))["fields"]["state"] == "no_reply"
    assert await is_to(service, case, COORDINATOR) == ["considering"]
    assert await inbox(service, COORDINATOR) == [referral]
    assert (await answer(service, referral, "acceptance"))["state"] == "accepted"
    assert await kinds(service, SCHOOL) == ["referral_answered"]


async def met(service: CaseService, case: str, by: Caller = SCHOOL) -> None:
    body = {"when": "2031-03-01T09:00:00Z", "how": "visit", "outcome": "reached"}
    await service.post(by, f"/cases/{case}/contacts", {"contact": body})


async def test_all_refused_while_services_go_on_meeting_the_family_is_nobodys_case(
    service: CaseService,
) -> None:
    case = await service.case()
    first = await refer(service, case)
    second = await refer(service, case, agency="alcohol-service")
    alcohol = Caller("al", "Al Lunn", "alcohol-service", "coordinator")
    await met(service, case)
    await answer(service, first, "refusal")
    service.clock.turn(minutes=1)
    await met(service, case)
    assert (await run(service))["nobodys_case"] == 0, "one has not answered"
    service.clock.turn(days=30)
    assert (await run(service))["nobodys_case"] == 0, "no reply is no refusal"
    await answer(service, second, "refusal", alcohol)
    assert (await run(service))["nobodys_case"] == 0, "nobody has met them since"
    service.clock.turn(minutes=1)
    await met(service, case)
    assert (await run(service))["nobodys_case"] == 2
    assert (await run(service))["nobodys_case"] == 0
    coordinator = Caller("carl", "Carl", SCHOOL.agency, "coordinator")
    assert await kinds(service, coordinator) == ["nobodys_case"]
    assert "nobodys_case" in await kinds(service, SCHOOL_MANAGER)
    third = await refer(service, case, agency="another-service")
    assert await kinds(service, coordinator) == [], "somebody is asked again"
    assert (await run(service))["nobodys_case"] == 0
    await service.post(SCHOOL, f"/cases/{case}/referrals/{third}/withdrawal")
    assert (await run(service))["nobodys_case"] == 2, "nobody is asked any more"
    assert await kinds(service, coordinator) == ["nobodys_case"]


async def test_nobodys_case_is_told_to_every_co_ordinator_unless_somebody_in_charge_can_act(
    service: CaseService,
) -> None:
    """Where no agency at work has a co-ordinator it reached nobody who finds somebody."""
    elsewhere = Caller("e", "E", "elsewhere", "coordinator")
    for leads in (True, False):
        case = await service.case()
        if leads:
            await service.lead(case, SCHOOL)
        await answer(service, await refer(service, case), "refusal")
        service.clock.turn(minutes=1)
        await met(service, case)
        await run(service)
        told = (await service.post(elsewhere, "/notices/mine", {"limit": 100}))["notices"]
        assert [(one["case"], one["kind"]) for one in told] == ([] if leads else [(case, "nobodys_case")])
        assert "nobodys_case" in await kinds(service, SCHOOL if leads else SCHOOL_MANAGER)


@pytest.mark.parametrize("how", ["acceptance", "withdrawal"])
async def test_a_case_that_somebody_took_or_nobody_refused_is_not_nobodys(
    service: CaseService, how: str
) -> None:
    case = await service.case()
    referral = await refer(service, case)
    if how == "acceptance":
        await answer(
            service,
            await refer(service, case, agency="other"),
            "refusal",
            Caller("o", "O", "other", "coordinator"),
        )
        await answer(service, referral, how)
    else:
        await service.post(SCHOOL, f"/cases/{case}/referrals/{referral}/withdrawal")
    service.clock.turn(minutes=1)
    await met(service, case)
    assert (await run(service))["nobodys_case"] == 0


async def test_who_took_him_and_dropped_him_has_him_no_longer(service: CaseService) -> None:
    """One service refuses, the other says yes, comes, and goes again while the school goes on meeting him."""
    case = await service.case()
    await answer(service, await refer(service, case), "acceptance")
    other = Caller("o", "O", "other", "coordinator")
    await answer(service, await refer(service, case, agency="other"), "refusal", other)
    service.clock.turn(minutes=1)
    await met(service, case)
    assert (await run(service))["nobodys_case"] == 0, "they said yes, and will come"
    member = await service.join(case, NURSE)
    colleague = await service.join(case, COLLEAGUE)
    service.clock.turn(days=1)
    for left, told in ((member, 0), (colleague, 2)):
        assert (await run(service))["nobodys_case"] == 0
        await service.post(SCHOOL, f"/cases/{case}/team/{left}/ending", {"reason": "Discharged."})
        assert (await run(service))["nobodys_case"] == told
    assert "nobodys_case" in await kinds(service, SCHOOL_MANAGER)


async def test_the_inbox_is_its_agencys_own_newest_first_and_in_pages(service: CaseService) -> None:
    sent = []
    for _ in range(5):
        sent.append(await refer(service, await service.case()))
        service.clock.turn(seconds=1)
    await refer(service, await service.case(), agency="other")
    assert await inbox(service, COORDINATOR) == sent[::-1]
    assert await inbox(service, SCHOOL) == []
    found, place, pages = [], None, 0
    while pages == 0 or place is not None:
        page = await service.post(COORDINATOR, "/referrals/inbox", {"limit": 2, "after": place})
        found += [one["entries"][0]["id"] for one in page["bundles"]]
        place, pages = page["after"], pages + 1
    assert (found, pages) == (sent[::-1], 3)
    one = await service.get(COORDINATOR, f"/referrals/{sent[0]}")
    assert set(one) == {
        "case", "at", "relationship", "relationships_by_subject", "subjects", "lead", "entries",
    }  # fmt: skip
    assert one["relationship"] == "considering"


async def test_a_referral_sent_twice_under_its_key_is_one(service: CaseService) -> None:
    case = await service.case()
    body, path = {"agency": CLINIC, "reason": "He cannot settle."}, f"/cases/{case}/referrals"
    first = await service.post(SCHOOL, path, body, key="k")
    assert await service.post(SCHOOL, path, body, key="k") == first
    refusal = {"reason": "Too young"}
    ended = await service.post(COORDINATOR, f"/referrals/{first['id']}/refusal", refusal, key="k")
    assert (
        await service.post(COORDINATOR, f"/referrals/{first['id']}/refusal", refusal, key="k")
        | {"enforced_at": ended["enforced_at"]}
        == ended
    )
    assert service.rows()["referrals"] == 1


def test_every_state_is_met_by_everything_that_can_happen() -> None:
    events = sorted({event for _, event in LIFECYCLE.transitions})
    possible = {
        (state, event) for state in LIFECYCLE.states for event in events if LIFECYCLE.allows(state, event)
    }
    assert len(LIFECYCLE.states) * len(events) == 25
    assert len(possible) == 9
    assert not any(state in CLOSED for state, _ in possible)
    assert all(
        after != "refused" for (_, event), after in LIFECYCLE.transitions.items() if event == "fall_due"
    )
    assert set(LIFECYCLE.ends) == CLOSED


async def test_with_the_case_every_referral_ends_and_so_does_what_it_opened(service: CaseService) -> None:
    """Fails when closing leaves anybody considering, or answers before nothing more leaves to them."""
    case = await service.case()
    referral = await refer(service, case)
    assert await is_to(service, case, COORDINATOR) == ["considering"]
    before = len(service.slept)
    closed = await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "moved_away"})
    assert service.slept[before:] == [D]
    assert closed["state"] == "closed"
    assert await is_to(service, case, COORDINATOR) == ["none"]
    assert (await entry(service, case, referral))["fields"]["state"] == "withdrawn"
    assert await inbox(service, COORDINATOR) == []
    assert await kinds(service, COORDINATOR) == []
    refused = await service.problem(COORDINATOR, "POST", f"/referrals/{referral}/refusal", {"reason": "Late"})
    assert refused.kind == "conflict"
