"""Statutory overrides over HTTP: who records and confirms them, what they open, and when they are over.

Three changes that make this fail: not ending an override that nobody confirmed, letting the recorder confirm,
opening another case about the same child.
"""

from dataclasses import replace
from typing import Any

import pytest

from shared.clock import rfc3339
from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    MOTHER,
    OMIT,
    SCHOOL_OFFICER,
    START,
    YOT,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    an_exclusion,
    fresh_case,
)

pytestmark = pytest.mark.anyio

CARE, POLICE = "childrens-services", "north-police"
GUARD = Caller("sal", "Sal Guard", CARE, "safeguarding_lead")
OTHER_GUARD = Caller("sid", "Sid Guard", CARE, "safeguarding_lead")
MANAGER = Caller("max", "Max Dale", CARE, "team_manager")
WORKER = Caller("wyn", "Wyn Dale", CARE, "practitioner")
CARE_OFFICER = Caller("io", "Io Dale", CARE, "information_officer")
POLICE_GUARD = Caller("pat", "Pat Beat", POLICE, "safeguarding_lead")
SCHOOL_GUARD = Caller("guy", "Guy Hill", "hill-school", "safeguarding_lead")

HIDDEN = (a_label("hill-school", "mental_health"), a_label("hill-school", "learning"))
ASKED = {"purpose": "safeguarding", "reason": "An enquiry"}


def an_override(**changes: Any) -> Json:
    body = {
        "lawful_basis": "section_47_enquiry",
        "reference": "S47-118",
        "reason": "A neighbour reported it.",
        "recipients": {"agencies": [CARE]},
        "categories": ["mental_health"],
        "purposes": ["safeguarding", "support"],
        "level": "full",
        "valid_until": "2031-03-17T00:00:00Z",
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not OMIT}


async def record(
    service: ConsentService, case: str, caller: Caller = GUARD, *, key: str | None = None, **changes: Any
) -> Json:
    content = {"override": an_override(**changes), "subjects": [CHILD]}
    answer: Json = await service.call(caller, "POST", f"/cases/{case}/overrides", content, key=key)
    return answer


async def refused(service: ConsentService, case: str, caller: Caller = GUARD, **changes: Any) -> Any:
    content = {"override": an_override(**changes), "subjects": [CHILD]}
    return await service.problem(caller, "POST", f"/cases/{case}/overrides", content)


def path(case: str, override: str, what: str) -> str:
    return f"/cases/{case}/overrides/{override}/{what}"


async def levels(service: ConsentService, case: str, caller: Caller = WORKER, **more: Any) -> list[int]:
    more.setdefault("purpose", "support")
    return await service.levels(caller, a_case(case, *HIDDEN, relationship="none"), **more)


async def listed(service: ConsentService, caller: Caller, case: str, **owned: Any) -> list[Json]:
    ask = {
        "action": "list", "purpose": "oversight" if "officer" in caller.role else "support",
        "cases": [a_case(case, *HIDDEN, relationship="none")],
    }  # fmt: skip
    content = {"ask": ask, "owned": {CHILD: owned["child"]} if "child" in owned else {}}
    answer = await service.call(caller, "POST", f"/cases/{case}/overrides/list", content)
    found: list[Json] = answer["listed"]
    return found


async def test_it_opens_what_it_names_to_whom_it_names_in_its_case_and_nothing_else(
    service: ConsentService,
) -> None:
    case, other = fresh_case(), fresh_case()
    assert await levels(service, case) == [0, 0]
    await record(service, case)
    assert await levels(service, case) == [3, 0]
    assert await levels(service, other) == [0, 0]
    assert await levels(service, case, YOT) == [0, 0]
    assert await levels(service, case, GUARD, purpose="safeguarding") == [3, 0]
    about_mother = a_case(case, a_label("hill-school", "mental_health", subjects=[MOTHER]))
    assert await service.levels(WORKER, about_mother) == [0]
    released = (await service.decide(WORKER, a_case(case, HIDDEN[0], relationship="none")))["cases"][0]
    assert released["valid_until"] == "2031-03-05T00:00:00Z"
    receipt = [r for r in service.receipts() if r["user"] == WORKER.user and r["chain"].startswith("case")]
    [basis] = receipt[-1]["cases"][0]["cells"][0]["bases"]
    assert basis.startswith("STATUTORY:")


async def test_in_a_list_of_cases_it_opens_its_own_only(service: ConsentService) -> None:
    """Fails when the facts of one case of a page are taken for another's."""
    case, other = fresh_case(), fresh_case()
    await record(service, case)
    asked = [a_case(one, *HIDDEN, relationship="none") for one in (other, case, other)]
    answer = await service.decide(WORKER, *asked, action="list")
    assert [verdict["levels"] for verdict in answer["cases"]] == [[0, 0], [3, 0], [0, 0]]


async def test_an_exclusion_does_not_stop_it(service: ConsentService) -> None:
    case = fresh_case()
    await service.exclude(case, an_exclusion(agencies=[CARE], categories=["mental_health"]))
    await record(service, case)
    assert await levels(service, case) == [3, 0]


async def test_a_safeguarding_leads_own_is_over_unless_it_is_confirmed_by_the_next_working_day(
    service: ConsentService,
) -> None:
    case = fresh_case()
    made = await record(service, case)
    assert made["confirm_by"] == "2031-03-05T00:00:00.000000Z"
    service.clock.turn(hours=38, minutes=59)
    assert await levels(service, case) == [3, 0]
    service.clock.turn(seconds=59)
    assert await levels(service, case) == [0, 0], "what ends within D counts as ended"
    service.clock.turn(seconds=1)
    late = await service.problem(
        OTHER_GUARD, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED}
    )
    assert (late.kind, "not confirmed in time" in late.detail) == ("conflict", True)
    assert await levels(service, case) == [0, 0]


async def test_while_one_is_unconfirmed_no_other_of_her_agency_is_recorded_for_the_case(
    service: ConsentService,
) -> None:
    """Fails when one that lapsed, was ended by its recorder or was recorded by a colleague is forgotten."""
    case, other = fresh_case(), fresh_case()
    made = await record(service, case)
    confirmation, asked = path(case, made["id"], "confirmation"), {"asked": ASKED}
    rows = service.rows()
    for caller in (GUARD, OTHER_GUARD):
        refusal = await refused(service, case, caller)
        assert (refusal.kind, "Ask your manager" in refusal.detail) == ("forbidden", True)
    service.clock.turn(days=3)
    assert (await refused(service, case)).kind == "forbidden", "it lapsed, and nobody has looked at it"
    assert service.rows()["overrides"] == rows["overrides"]
    assert (await record(service, case, POLICE_GUARD, recipients={"agencies": [POLICE]}))["id"]
    await record(service, case, CARE_OFFICER, lawful_basis="court_order")
    await record(service, other)
    # A manager looks at it afterwards: it stays over, and the next one may be recorded.
    looked_at = await service.call(MANAGER, "POST", confirmation, asked)
    assert looked_at == {"id": made["id"], "valid_until": "2031-03-05T00:00:00.000000Z"}
    assert await levels(service, case) == [0, 0]
    again = await service.problem(MANAGER, "POST", confirmation, asked)
    assert again.kind == "conflict"
    second = await record(service, case)
    assert await levels(service, case) == [3, 0]
    ending = {"ending": {"reason": "x"}, "asked": ASKED}
    await service.call(GUARD, "POST", path(case, second["id"], "ending"), ending)
    assert (await refused(service, case)).kind == "forbidden", "ended by herself, and nobody has looked at it"
    await service.call(MANAGER, "POST", path(case, second["id"], "confirmation"), asked)
    assert await levels(service, case) == [0, 0]
    third = await record(service, case)
    await service.call(MANAGER, "POST", path(case, third["id"], "ending"), ending)
    fourth = await record(service, case, OTHER_GUARD)
    await service.call(GUARD, "POST", path(case, fourth["id"], "confirmation"), asked)
    await record(service, case)
    assert service.faults() == []


async def test_officers_are_told_when_one_lapses_and_not_when_it_was_confirmed_in_time(
    service: ConsentService,
) -> None:
    lapsed, confirmed, ended = fresh_case(), fresh_case(), fresh_case()
    await record(service, lapsed)
    made = await record(service, confirmed)
    await service.call(MANAGER, "POST", path(confirmed, made["id"], "confirmation"), {"asked": ASKED})
    made = await record(service, ended)
    ending = {"ending": {"reason": "x"}, "asked": ASKED}
    await service.call(MANAGER, "POST", path(ended, made["id"], "ending"), ending)
    ask = {"purpose": "support", "reason": None, "after": None, "limit": 10}

    async def told(caller: Caller) -> list[str]:
        found = (await service.call(caller, "POST", "/alerts", ask))["alerts"]
        return [alert["case"] for alert in found if alert["kind"] == "override_lapsed"]

    service.clock.turn(hours=38, minutes=59)
    assert [await told(caller) for caller in (CARE_OFFICER, MANAGER)] == [[], []]
    service.clock.turn(minutes=1)
    assert [await told(caller) for caller in (CARE_OFFICER, MANAGER)] == [[lapsed], [lapsed]]
    for caller in (GUARD, OTHER_GUARD, WORKER, POLICE_GUARD, SCHOOL_OFFICER, YOT):
        assert await told(caller) == [], caller


@pytest.mark.parametrize("supervisor", [MANAGER, OTHER_GUARD])
async def test_confirmed_by_somebody_else_of_her_agency_it_lasts_as_long_as_it_says(
    service: ConsentService, supervisor: Caller
) -> None:
    case = fresh_case()
    made = await record(service, case)
    confirmed = await service.call(
        supervisor, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED}
    )
    assert confirmed == {"id": made["id"], "valid_until": "2031-03-17T00:00:00.000000Z"}
    assert not service.slept, "a confirmation takes nothing away"
    service.clock.turn(days=13)
    assert await levels(service, case) == [3, 0]
    service.clock.turn(hours=14, minutes=59, seconds=59)
    assert await levels(service, case) == [0, 0]


async def test_nobody_confirms_their_own_and_no_other_agency_learns_of_it(service: ConsentService) -> None:
    case = fresh_case()
    made = await record(service, case)
    confirmation, content = path(case, made["id"], "confirmation"), {"asked": ASKED}
    own = await service.problem(GUARD, "POST", confirmation, content)
    assert (own.kind, "Somebody else" in own.detail) == ("forbidden", True)
    assert (await service.problem(CARE_OFFICER, "POST", confirmation, content)).kind == "forbidden"
    for stranger in (POLICE_GUARD, SCHOOL_GUARD, WORKER):
        expected = "forbidden" if stranger is WORKER else "not-found"
        problem = await service.problem(stranger, "POST", confirmation, content)
        assert problem.kind == expected, stranger
    absent = await service.problem(MANAGER, "POST", path(case, new_id(), "confirmation"), content)
    elsewhere = await service.problem(
        MANAGER, "POST", path(fresh_case(), made["id"], "confirmation"), content
    )
    assert absent.kind == elsewhere.kind == "not-found"
    assert service.faults() == []


async def test_a_replayed_confirmation_is_answered_as_before_and_a_second_one_refused(
    service: ConsentService,
) -> None:
    case = fresh_case()
    made = await record(service, case)
    confirmation, content = path(case, made["id"], "confirmation"), {"asked": ASKED}
    first = await service.call(MANAGER, "POST", confirmation, content, key="k")
    rows = service.rows()
    assert await service.call(MANAGER, "POST", confirmation, content, key="k") == first
    assert service.rows() == rows
    for key in ("another", None):
        again = await service.problem(OTHER_GUARD, "POST", confirmation, content, key=key)
        assert (again.kind, again.detail) == ("conflict", "This has been confirmed already.")
    assert service.select("SELECT confirmed_by FROM overrides") == [(MANAGER.user,)]
    assert service.rows() == rows


REFUSED: list[tuple[Json, str, str]] = [
    ({"valid_until": OMIT}, "valid_until", "has an end"),
    ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until", "over already"),
    ({"valid_until": "2031-03-25T00:00:01Z"}, "valid_until", "15 working days"),
    ({"lawful_basis": "curiosity"}, "lawful_basis", "section_47_enquiry"),
    ({"lawful_basis": "court_order"}, "lawful_basis", "information officer"),
    ({"recipients": {"agencies": [POLICE]}}, "recipients", "her own agency"),
    ({"recipients": {"agencies": [CARE], "users": ["wyn"]}}, "recipients", "her own agency"),
    ({"recipients": {"agencies": ["nobody-knows"]}}, "recipients.agencies", "not in the partnership"),
    ({"categories": ["equality"]}, "level", "cap"),
]


@pytest.mark.parametrize("changes, field, words", REFUSED)
async def test_what_is_refused_names_the_field_and_changes_nothing(
    service: ConsentService, changes: Json, field: str, words: str
) -> None:
    case = fresh_case()
    before = service.rows()
    problem = await refused(service, case, **changes)
    assert problem.kind == "invalid"
    [error] = problem.errors
    assert (error.field, words in error.message) == (field, True)
    assert service.rows() == before
    assert await levels(service, case) == [0, 0]


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"recipients": {}}, "override.recipients.agencies"),
        ({"recipients": {"agencies": ["City Housing"]}}, "override.recipients.agencies.0"),
        ({"categories": []}, "override.categories"),
        ({"categories": ["learning", "gossip"]}, "override.categories.1"),
        ({"purposes": []}, "override.purposes"),
        ({"level": "none"}, "override.level"),
        ({"reason": " "}, "override.reason"),
        ({"reason": OMIT}, "override.reason"),
        ({"reference": "a\nb"}, "override.reference"),
        ({"valid_until": 1_900_000_000}, "override.valid_until"),
        ({"surprise": 1}, "override.surprise"),
        ({"subjects": []}, "override.subjects"),
    ],
)
async def test_a_body_that_makes_no_sense_names_the_field(
    service: ConsentService, changes: Json, field: str
) -> None:
    problem = await refused(service, fresh_case(), **changes)
    assert problem.kind == "invalid"
    assert [error.field for error in problem.errors] == [field]


async def test_the_last_moment_of_the_fifteenth_working_day_is_not_too_late(service: ConsentService) -> None:
    made = await record(service, fresh_case(), valid_until="2031-03-25T00:00:00Z")
    assert made["valid_until"] == "2031-03-25T00:00:00.000000Z"


async def test_an_information_officer_names_other_recipients_and_needs_nobody_to_confirm(
    service: ConsentService,
) -> None:
    case = fresh_case()
    made = await record(
        service, case, SCHOOL_OFFICER,
        lawful_basis="court_order", recipients={"agencies": [POLICE]},
        valid_until="2031-09-01T00:00:00Z",
    )  # fmt: skip
    assert (made["confirm_by"], made["waits_for_confirmation"]) == (None, False)
    service.clock.turn(days=100)
    assert await levels(service, case, POLICE_GUARD) == [3, 0]
    assert await levels(service, case, GUARD) == [0, 0]
    problem = await service.problem(
        SCHOOL_GUARD, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED}
    )
    assert (problem.kind, problem.detail) == ("conflict", "This needs no confirmation.")


async def test_what_an_officer_opens_to_her_own_agency_counts_there_once_a_second_person_confirmed_it(
    service: ConsentService,
) -> None:
    """Fails when her own word is enough, whether she names the agency or a user of it."""
    second = Caller("ona", "Ona Dale", CARE, "information_officer")
    for confirming, recipients in (
        (second, {"agencies": [CARE, POLICE]}),
        (GUARD, {"agencies": [CARE, POLICE]}),
        (second, {"agencies": [POLICE], "users": [WORKER.user]}),
    ):
        case = fresh_case()
        made = await record(service, case, CARE_OFFICER, lawful_basis="court_order", recipients=recipients)
        assert (made["confirm_by"], made["waits_for_confirmation"]) == (None, True)
        assert await levels(service, case) == [0, 0]
        assert await levels(service, case, POLICE_GUARD) == [3, 0], "for others her word is enough"
        for caller in (CARE_OFFICER, MANAGER, SCHOOL_GUARD):
            await service.problem(caller, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED})
        assert await levels(service, case) == [0, 0]
        await service.call(confirming, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED})
        assert await levels(service, case) == [3, 0]


async def test_what_an_officer_opens_to_somebody_by_name_counts_nowhere_until_a_second_person_confirmed_it(
    service: ConsentService,
) -> None:
    """Nobody here knows for whom else they work: it may be the officer's own agency. Fails when it counts at
    once where they act for another."""
    case = fresh_case()
    made = await record(
        service, case, CARE_OFFICER, lawful_basis="court_order",
        recipients={"agencies": [POLICE], "users": [WORKER.user]},
    )  # fmt: skip
    assert made["waits_for_confirmation"] is True
    places = [replace(WORKER, agency=agency) for agency in (CARE, "city-housing", "youth-offending")]
    own = [(await service.call(caller, "POST", "/overrides/own"))["cases"] for caller in places]
    assert own == [[], [], []]
    assert [await levels(service, case, caller) for caller in places] == [[0, 0], [0, 0], [0, 0]]
    assert await levels(service, case, POLICE_GUARD) == [3, 0], "for another agency her word is enough"
    assert await levels(service, case, replace(WORKER, agency=POLICE)) == [3, 0], "they work there too"
    await service.call(GUARD, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED})
    assert [await levels(service, case, caller) for caller in places] == [[3, 0], [3, 0], [3, 0]]
    own = [(await service.call(caller, "POST", "/overrides/own"))["cases"] for caller in places]
    assert own == [[case], [case], [case]]


async def test_whom_an_officers_override_names_sees_nothing_of_it_before_it_counts_for_them(
    service: ConsentService,
) -> None:
    """The reason that is written in it is a family's. Fails when whom it names reads it because it names
    them, wherever they act and whatever they hold, or is told that it waits."""
    second = Caller("ona", "Ona Dale", CARE, "information_officer")
    named_officer = Caller("ned", "Ned Dale", CARE, "information_officer")
    owns = {"child": ["mental_health"]}
    held = replace(named_officer, agency="hill-school")
    cases = (
        ({"users": [WORKER.user, named_officer.user, "sid"]}, (WORKER, named_officer, OTHER_GUARD, held)),
        ({"agencies": [CARE]}, (WORKER, MANAGER)),
    )
    for recipients, named in cases:
        case = fresh_case()
        made = await record(service, case, CARE_OFFICER, lawful_basis="court_order", recipients=recipients)
        for caller in (*named, replace(named[0], agency="city-housing")):
            assert await listed(service, caller, case, **owns) == [], caller
            for what in ("confirmation", "ending", "telling"):
                body: Json = {"asked": ASKED}
                if what == "ending":
                    body["ending"] = {"reason": "No"}
                if what == "telling":
                    body["review"] = {"family_may_be_told": True, "reason": "It is safe."}
                problem = await service.problem(caller, "POST", path(case, made["id"], what), body)
                assert problem.kind == "not-found", (caller, what)
        ask = {"purpose": "support", "reason": None, "after": None, "limit": 10, "case": case}
        for caller, count in ((second, 1), (GUARD, 1), *((one, 0) for one in named)):
            told = await service.call(caller, "POST", "/alerts", ask)
            assert len(told["alerts"]) == count, caller
        for caller in (CARE_OFFICER, second, GUARD):
            [shown] = await listed(service, caller, case)
            assert shown["reason"] == "A neighbour reported it.", caller
        await service.call(second, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED})
        for caller in named:
            [shown] = await listed(service, caller, case, **owns)
            assert shown["reason"] == "A neighbour reported it.", caller


async def test_whom_it_counts_for_by_another_agency_that_it_names_sees_it_at_once(
    service: ConsentService,
) -> None:
    case = fresh_case()
    recipients = {"agencies": [POLICE], "users": [WORKER.user]}
    await record(service, case, CARE_OFFICER, lawful_basis="court_order", recipients=recipients)
    assert await listed(service, WORKER, case) == []
    for caller in (POLICE_GUARD, replace(WORKER, agency=POLICE), MANAGER):
        assert len(await listed(service, caller, case)) == 1, caller


async def test_what_a_safeguarding_lead_opens_to_herself_is_for_her_in_that_agency_alone(
    service: ConsentService,
) -> None:
    """It is her own enquiry, for her agency (design 3.2). Fails when she has it wherever she acts."""
    case = fresh_case()
    made = await record(service, case, recipients={"users": [GUARD.user]})
    there, elsewhere = GUARD, (replace(GUARD, agency=POLICE), replace(GUARD, agency="city-housing"))
    confirming = path(case, made["id"], "confirmation")
    for caller in (None, MANAGER):
        if caller is not None:
            await service.call(caller, "POST", confirming, {"asked": ASKED})
        assert await levels(service, case, there) == [3, 0]
        assert (await service.call(there, "POST", "/overrides/own"))["cases"] == [case]
        assert [await levels(service, case, one) for one in elsewhere] == [[0, 0], [0, 0]]
        own = [(await service.call(one, "POST", "/overrides/own"))["cases"] for one in elsewhere]
        assert own == [[], []]


async def test_who_is_named_in_an_officers_override_does_not_confirm_it(service: ConsentService) -> None:
    case = fresh_case()
    made = await record(
        service, case, CARE_OFFICER, lawful_basis="court_order", recipients={"users": [GUARD.user]}
    )
    refusal = await service.problem(GUARD, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED})
    assert refusal.kind == "not-found", "it is not there for her yet"


@pytest.mark.parametrize("caller", [GUARD, MANAGER, CARE_OFFICER])
async def test_ending_it_waits_d_and_from_then_on_nobody_sees_anything_by_it(
    service: ConsentService, caller: Caller
) -> None:
    """Fails when the answer comes before D has passed, or when an ending is forgotten among the facts."""
    case = fresh_case()
    made = await record(service, case)
    content = {"ending": {"reason": "No further action"}, "asked": ASKED}
    ended = await service.call(caller, "POST", path(case, made["id"], "ending"), content)
    assert service.slept == [D]
    assert ended == {"id": made["id"], "enforced_at": rfc3339(service.clock())}
    assert await levels(service, case) == [0, 0]
    for what, body in (("ending", content), ("confirmation", {"asked": ASKED})):
        again = await service.problem(OTHER_GUARD, "POST", path(case, made["id"], what), body)
        assert again.kind == "conflict"
    assert service.slept == [D]
    assert service.faults() == []


async def test_only_the_agency_that_recorded_it_ends_it(service: ConsentService) -> None:
    case = fresh_case()
    made = await record(
        service, case, SCHOOL_OFFICER, recipients={"agencies": [CARE]}, lawful_basis="court_order"
    )
    content = {"ending": {"reason": "No"}, "asked": ASKED}
    ending = path(case, made["id"], "ending")
    assert (await service.problem(MANAGER, "POST", ending, content)).kind == "forbidden"
    assert (await service.problem(POLICE_GUARD, "POST", ending, content)).kind == "not-found"
    assert await levels(service, case) == [3, 0]


async def test_who_sees_it(service: ConsentService) -> None:
    case = fresh_case()
    made = await record(service, case)
    for caller in (GUARD, OTHER_GUARD, MANAGER, CARE_OFFICER, WORKER):
        [shown] = await listed(service, caller, case)
        assert (shown["id"], shown["reason"]) == (made["id"], "A neighbour reported it."), caller
    [shown] = await listed(service, SCHOOL_OFFICER, case, child=["mental_health"])
    assert (shown["id"], shown["reason"]) == (made["id"], None)
    assert await listed(service, SCHOOL_OFFICER, case, child=["learning"]) == []
    volunteer = Caller("vic", "Vic Dale", CARE, "volunteer")
    for stranger in (YOT, POLICE_GUARD, SCHOOL_GUARD, volunteer, SCHOOL_OFFICER):
        assert await listed(service, stranger, case) == [], stranger
    assert await listed(service, MANAGER, fresh_case()) == []


async def test_who_is_suspended_neither_sees_nor_confirms_it(service: ConsentService) -> None:
    case = fresh_case()
    made = await record(service, case)
    await service.call(CARE_OFFICER, "POST", "/suspensions", {"user": MANAGER.user, "reason": "Left"})
    assert await listed(service, MANAGER, case) == []
    problem = await service.problem(MANAGER, "POST", path(case, made["id"], "confirmation"), {"asked": ASKED})
    assert problem.kind == "not-found"


async def test_an_own_override_stands_on_the_list_of_its_users_while_it_is_in_force(
    service: ConsentService,
) -> None:
    named, agencys, ended, unconfirmed = (fresh_case() for _ in range(4))
    made = await record(
        service, named, SCHOOL_OFFICER, recipients={"users": ["sal"]}, valid_until="2031-03-10T00:00:00Z"
    )
    await service.call(SCHOOL_GUARD, "POST", path(named, made["id"], "confirmation"), {"asked": ASKED})
    await record(service, agencys, SCHOOL_OFFICER, recipients={"agencies": [CARE]})
    over = await record(service, ended)
    await service.call(
        GUARD, "POST", path(ended, over["id"], "ending"), {"ending": {"reason": "x"}, "asked": ASKED}
    )
    await record(service, unconfirmed)

    async def own(caller: Caller) -> set[str]:
        return set((await service.call(caller, "POST", "/overrides/own"))["cases"])

    assert await own(GUARD) == {named, unconfirmed}
    assert await own(OTHER_GUARD) == await own(SCHOOL_OFFICER) == set()
    service.clock.turn(days=2)
    assert await own(GUARD) == {named}
    service.clock.turn(days=5)
    assert await own(GUARD) == set()


async def test_her_supervisors_are_told_that_one_waits_for_them_and_she_is_not(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await record(service, case)
    ask = {"purpose": "support", "reason": None, "after": None, "limit": 10}
    for caller, count in ((MANAGER, 1), (OTHER_GUARD, 1), (GUARD, 0), (CARE_OFFICER, 0), (POLICE_GUARD, 0)):
        told = await service.call(caller, "POST", "/alerts", ask)
        assert [(a["case"], a["kind"]) for a in told["alerts"]] == [(case, "override_to_confirm")] * count
        assert [a["at"] for a in told["alerts"]] == [rfc3339(START)] * count


async def test_enforcement_reads_only_what_a_statutory_override_names_for_it(service: ConsentService) -> None:
    """The default policy lets nobody ask for enforcement, so that even this opens nothing yet."""
    case = fresh_case()
    await record(
        service, case, SCHOOL_OFFICER, recipients={"agencies": [POLICE]}, purposes=["enforcement"],
        lawful_basis="court_order",
    )  # fmt: skip
    assert await levels(service, case, POLICE_GUARD) == [0, 0]
    assert await levels(service, case, POLICE_GUARD, purpose="enforcement") == [0, 0]


async def test_a_statutory_basis_lets_the_agency_that_it_names_join_for_those_who_know_of_it(
    service: ConsentService,
) -> None:
    """Fails when an override of which the lead's agency knows nothing lets them do what they could not do."""
    case = fresh_case()
    service.families_take_part = False

    async def may_add(agency: str, by: str) -> bool:
        lead = Caller("lee", "Lee", by, "practitioner")
        asked = {
            "deed": "add_to_team", "has_lead": True, "target_agency": agency, "for_role": "practitioner",
        }  # fmt: skip
        one = a_case(case, *HIDDEN, relationship="lead")
        answer = await service.decide(lead, one, action="contribute", deed=asked)
        return bool(answer["permit"]["permitted"])

    assert not await may_add(POLICE, "hill-school")
    made = await record(
        service, case, SCHOOL_OFFICER, recipients={"agencies": [POLICE, "youth-offending"]},
        lawful_basis="court_order",
    )  # fmt: skip
    assert await may_add(POLICE, "hill-school")
    assert await may_add(POLICE, "youth-offending")
    assert not await may_add(CARE, "hill-school")
    assert not await may_add(POLICE, "city-housing")
    await service.exclude(case, an_exclusion(agencies=[POLICE], categories=["plan"]))
    assert not await may_add(POLICE, "hill-school"), "an excluded agency never joins"
    assert await may_add("youth-offending", "hill-school")
    ending = {"ending": {"reason": "Over"}, "asked": ASKED}
    await service.call(SCHOOL_OFFICER, "POST", path(case, made["id"], "ending"), ending)
    assert not await may_add("youth-offending", "hill-school")
