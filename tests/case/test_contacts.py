"""The contact log: no answer is tried again, an informed refusal is respected; never the one for the other.

Three changes that make this fail: letting another attempt follow a refusal, treating a life event that its
agency does not see as an opening, scheduling the next attempt after a refusal.
"""

import asyncio
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from services.case.contacts.lifecycle import CONTACTS, LIFECYCLE, next_attempt_on, standing, state_after
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, START, YOT, CaseService, Json

pytestmark = pytest.mark.anyio

EXPLAINED = "What we do, that it is free, and that no is an answer."


def attempt(outcome: str = "no_answer", **changes: Any) -> Json:
    body = {"when": "2031-03-01T09:00:00Z", "how": "telephone", "outcome": outcome, **changes}
    return {**body, "what_was_explained": EXPLAINED} if outcome == "informed_refusal" else body


async def contact(
    service: CaseService,
    case: str,
    outcome: str = "no_answer",
    by: Caller = SCHOOL,
    seen: Any = (),
    **changes: Any,
) -> Json:
    body = {"contact": attempt(outcome, **changes), "life_events": list(seen)}
    answer: Json = await service.post(by, f"/cases/{case}/contacts", body)
    return answer


async def refused(
    service: CaseService,
    case: str,
    outcome: str = "no_answer",
    by: Caller = SCHOOL,
    seen: Any = (),
    **changes: Any,
) -> Problem:
    body = {"contact": attempt(outcome, **changes), "life_events": list(seen)}
    return await service.problem(by, "POST", f"/cases/{case}/contacts", body)


async def life_event(service: CaseService, case: str, by: Caller = SCHOOL, on: str = "2031-03-01") -> str:
    body = {"event": "new_baby", "happened_on": on}
    return str((await service.post(by, f"/cases/{case}/life-events", body))["id"])


async def kinds(service: CaseService, who: Caller) -> list[str]:
    found = await service.post(who, "/notices/mine", {"limit": 100})
    return [notice["kind"] for notice in found["notices"]]


async def run(service: CaseService) -> dict[str, int]:
    return await asyncio.to_thread(run_clocks_of, service.url, service.clock(), CaseworkRules())


async def test_no_answer_sets_the_day_of_the_next_attempt_ever_further_apart(service: CaseService) -> None:
    """2031-03-03 is a Monday: two working days, five, ten, and ten again."""
    case = await service.case()
    days = [(await contact(service, case))["next_attempt_on"] for _ in range(4)]
    assert days == ["2031-03-05", "2031-03-10", "2031-03-17", "2031-03-17"]
    entries = [e for e in (await service.bundle(case))["entries"] if e["kind"] == "contact_attempt"]
    assert {entry["fields"]["offer"] for entry in entries} == {"unanswered"}
    assert entries[0]["categories"] == ["involvement"]
    reached = await contact(service, case, "reached")
    assert (reached["state"], reached["next_attempt_on"]) == ("in_touch", None)
    assert (await contact(service, case))["next_attempt_on"] == "2031-03-05", "it begins anew"


async def test_the_next_attempt_waits_for_who_tried_last_and_is_settled_by_it(service: CaseService) -> None:
    case = await service.case()
    await contact(service, case)
    service.clock.turn(days=1)
    assert (await run(service))["contact_due"] == 0
    service.clock.turn(days=1)
    assert (await run(service))["contact_due"] == 1
    assert (await run(service))["contact_due"] == 0
    assert await kinds(service, SCHOOL) == ["contact_due"]
    await contact(service, case)
    assert await kinds(service, SCHOOL) == []
    assert (await run(service))["contact_due"] == 0


async def test_when_who_tried_has_left_it_waits_for_those_who_answer_for_their_agency(
    service: CaseService,
) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    await contact(service, case, by=YOT)
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Left"})
    service.clock.turn(days=3)
    assert (await run(service))["contact_due"] == 2
    for role in ("team_manager", "coordinator"):
        assert await kinds(service, Caller("yan", "Yan", YOT.agency, role)) == ["contact_due"]
    assert await kinds(service, YOT) == []
    assert await kinds(service, Caller("sue", "Sue", SCHOOL.agency, "team_manager")) == []


async def test_an_informed_refusal_is_respected_and_asks_for_no_further_attempt(service: CaseService) -> None:
    case = await service.case()
    await contact(service, case)
    answer = await contact(service, case, "informed_refusal")
    assert (answer["state"], answer["next_attempt_on"]) == ("refused", None)
    before = service.rows()
    for outcome in ("no_answer", "reached", "asked_for_help", "informed_refusal"):
        problem = await refused(service, case, outcome)
        assert problem.kind == "conflict"
        assert "that is respected" in problem.detail
    assert service.rows() == before
    service.clock.turn(days=60)
    assert (await run(service))["contact_due"] == 0
    assert (await contact(service, case, by=HOUSING))["state"] == "unanswered", "another agency's own offer"


async def test_who_comes_of_their_own_accord_is_never_turned_away(service: CaseService) -> None:
    case = await service.case()
    await contact(service, case, "informed_refusal")
    rang = await contact(service, case, "reached", sought_by="family")
    assert rang["state"] == "refused", "a call is not a change of mind"
    again = await contact(service, case, "informed_refusal", sought_by="family")
    assert again["state"] == "refused"
    asked = await contact(service, case, "asked_for_help", sought_by="family")
    assert asked["state"] == "in_touch"
    assert (await contact(service, case))["state"] == "unanswered"


async def test_a_life_event_that_its_agency_sees_opens_the_offer_again(service: CaseService) -> None:
    case = await service.case()
    await contact(service, case, "informed_refusal")
    happened = await life_event(service, case, HOUSING)
    assert (await refused(service, case)).kind == "conflict", "they do not see it"
    assert (await refused(service, case, seen=[new_id()])).kind == "conflict"
    assert (await contact(service, case, seen=[happened]))["state"] == "unanswered"
    # What is hidden from them later takes nothing back: that attempt was made.
    assert (await contact(service, case))["next_attempt_on"] == "2031-03-10"
    await contact(service, case, "informed_refusal", seen=[happened])
    assert (await refused(service, case, seen=[happened])).kind == "conflict", "an event before the refusal"


async def test_of_a_life_event_those_whose_offer_was_refused_and_the_lead_are_told(
    service: CaseService,
) -> None:
    case = await service.case()
    for who in (YOT, HOUSING):
        await service.join(case, who)
    await service.lead(case, YOT)
    for who in (SCHOOL, HOUSING):
        await contact(service, case, "informed_refusal", by=who)
    happened = await life_event(service, case, HOUSING)
    assert await kinds(service, SCHOOL) == ["offer_open_again"]
    assert await kinds(service, YOT) == ["life_event"]
    assert await kinds(service, HOUSING) == [], "who said it knows"
    refusal = f"SELECT entry_id FROM contact_offers WHERE case_id = '{case}' AND agency = '{SCHOOL.agency}'"
    [told] = (await service.post(SCHOOL, "/notices/mine", {"limit": 100}))["notices"]
    assert (told["about"], told["because"]) == (happened, service.select(refusal)[0][0])
    await contact(service, case, "reached", seen=[happened])
    assert await kinds(service, SCHOOL) == [], "they have asked again"
    await life_event(service, case, SCHOOL)
    assert await kinds(service, SCHOOL) == [], "nobody refuses them any more"
    assert await kinds(service, HOUSING) == ["offer_open_again"]
    reopening = {"reopening": {"reason": "He was not told that it is free."}}
    manager = Caller("hal", "Hal", HOUSING.agency, "team_manager")
    await service.post(manager, f"/cases/{case}/contacts/reopening", reopening)
    assert await kinds(service, HOUSING) == []


@pytest.mark.parametrize(
    ("on", "opens"), [("1999-01-01", False), ("2031-02-28", False), ("2031-03-01", True)]
)
async def test_an_event_from_before_the_refusal_is_kept_and_opens_nothing(
    service: CaseService, on: str, opens: bool
) -> None:
    """The refusal is of 2031-03-01: on that day or later something may have changed, and not before it."""
    case = await service.case()
    await service.join(case, HOUSING)
    await contact(service, case, "informed_refusal")
    happened = await life_event(service, case, HOUSING, on)
    told = ["offer_open_again"] if opens else []
    assert [kind for kind in await kinds(service, SCHOOL) if kind != "life_event"] == told
    [kept] = [e for e in (await service.bundle(case))["entries"] if e["kind"] == "life_event"]
    assert (kept["id"], kept["fields"]["happened_on"]) == (happened, on)
    if opens:
        assert (await contact(service, case, seen=[happened]))["state"] == "unanswered"
    else:
        assert (await refused(service, case, seen=[happened])).kind == "conflict"
        later = await life_event(service, case, HOUSING, "2031-03-02")
        assert (await contact(service, case, seen=[happened, later]))["state"] == "unanswered"


def test_of_several_refusals_the_latest_is_the_one_to_respect() -> None:
    first, second, between = date(2031, 1, 1), date(2031, 2, 1), date(2031, 1, 15)
    said = [("informed_refusal", second), ("refused_themselves", first)]
    told = standing([*said, ("life_event", between)])
    assert (told.events, told.refused_on) == ([event for event, _ in said], second)
    opened = standing([*said, ("life_event", second), ("informed_refusal", first), ("life_event", between)])
    assert (state_after(opened.events), opened.refused_on) == ("offered", None)


async def test_of_a_life_event_managers_are_told_of_whoever_has_left_and_where_nobody_leads(
    service: CaseService,
) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    await service.join(case, HOUSING)
    await contact(service, case, "informed_refusal", by=YOT)
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Left"})
    await life_event(service, case)
    assert await kinds(service, Caller("yan", "Yan", YOT.agency, "team_manager")) == ["offer_open_again"]
    for agency in (SCHOOL.agency, HOUSING.agency):
        assert await kinds(service, Caller("m", "M", agency, "team_manager")) == ["life_event"]


async def test_a_supervisors_decision_opens_what_was_refused_and_nothing_else(service: CaseService) -> None:
    case = await service.case()
    path = f"/cases/{case}/contacts/reopening"
    body = {"reopening": {"reason": "He was not told that it is free."}}
    problem = await service.problem(SCHOOL_MANAGER, "POST", path, body)
    assert (problem.kind, problem.detail) == ("conflict", "Nobody has refused this offer; go on trying.")
    await contact(service, case)
    assert "No answer is no refusal" in (await service.problem(SCHOOL_MANAGER, "POST", path, body)).detail
    await contact(service, case, "informed_refusal")
    await contact(service, case, "informed_refusal", by=YOT)
    assert (await service.post(SCHOOL_MANAGER, path, body))["state"] == "offered"
    assert (await contact(service, case))["state"] == "unanswered"
    assert (await refused(service, case, by=YOT)).kind == "conflict", "their own manager decides"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"when": "2031-03-04T09:00:00Z"}, "when"),
        ({"when": 5}, "contact.when"),
        ({"outcome": "informed_refusal"}, "contact.what_was_explained"),
        ({"what_was_explained": "x"}, "contact.what_was_explained"),
        ({"sought_by": "family"}, "contact.outcome"),
        ({"how": "pigeon"}, "contact.how"),
        ({"subjects": [new_id()]}, "subjects.0"),
        ({"more": 1}, "contact.more"),
    ],
)
async def test_a_contact_that_makes_no_sense_is_refused_by_field(
    service: CaseService, changes: Json, field: str
) -> None:
    case = await service.case()
    before = service.rows()
    body = {"contact": {**attempt(), **changes}}
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/contacts", body)
    assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", [field])
    assert service.rows() == before


async def test_a_life_event_lies_behind(service: CaseService) -> None:
    case = await service.case()
    body = {"event": "new_baby", "happened_on": "2031-03-04"}
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/life-events", body)
    assert [error.field for error in problem.errors] == ["happened_on"]


def test_every_state_is_met_by_everything_that_can_happen() -> None:
    events = sorted({event for _, event in LIFECYCLE.transitions})
    assert set(events) == {*CONTACTS.values(), "life_event", "reopen"}
    possible = [(s, e) for s in LIFECYCLE.states for e in events if LIFECYCLE.allows(s, e)]
    assert len(LIFECYCLE.states) * len(events) == 32
    assert len(possible) == 26
    assert not [event for state, event in possible if state == "refused" and event in
                ("no_answer", "reached", "informed_refusal")]  # fmt: skip


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(sorted({event for _, event in LIFECYCLE.transitions}))))
def test_no_answer_and_refusal_are_never_confused(tried: list[str]) -> None:
    """Whatever is tried in whatever order: an attempt is due exactly while nobody has answered, and between a
    refusal and what opens the offer again no attempt of a service is kept."""
    kept: list[str] = []
    for event in tried:
        if LIFECYCLE.allows(state_after(kept), event):
            kept.append(event)
    state, due = state_after(kept), next_attempt_on(kept, START)
    assert (due is not None) == (state == "unanswered")
    assert due is None or date(2031, 3, 5) <= due <= date(2031, 3, 17)
    is_refused = False
    for event in kept:
        assert not (is_refused and event in ("no_answer", "reached", "informed_refusal"))
        if event in ("informed_refusal", "refused_themselves"):
            is_refused = True
        elif event in ("life_event", "reopen", "asked_for_help"):
            is_refused = False
    assert is_refused == (state == "refused")
