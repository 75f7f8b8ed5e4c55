"""Agencies, the agreements between them, and users whose access ends."""

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import create_engine, text

from services.consent.agencies.operations import add_first_agency
from shared.clock import rfc3339
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem
from tests.consent.service import (
    AGENCIES,
    HOUSING,
    HOUSING_OFFICER,
    OMIT,
    SCHOOL,
    SCHOOL_OFFICER,
    START,
    YOT_OFFICER,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    a_row,
    a_share,
    an_agreement,
    an_exclusion,
    fresh_case,
)
from tests.consent.test_decisions import publish

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning")

REFUSED_AGREEMENTS: list[tuple[Json, str, str]] = [
    *[({"rows": [a_row(**{name: OMIT})]}, f"rows.0.{name}", "required") for name in a_row()],
    *[({"rows": [a_row(**{name: " "})]}, f"rows.0.{name}", "") for name in ("basis", "condition", "power")],
    ({"rows": []}, "rows", "at least 1"),
    ({"rows": [a_row(), a_row()]}, "rows", "Each category stands once"),
    ({"rows": [a_row(category="horoscope")]}, "rows.0.category", "Input should be"),
    ({"rows": [a_row(mode="M")]}, "rows.0.mode", "Input should be"),
    ({"rows": [a_row(mode="permission")]}, "rows.0.base", "nothing is shared before the family's yes"),
    ({"rows": [a_row(category="offending", mode="mandatory")]}, "rows.0.mode", "no statutory duty"),
    ({"rows": [a_row(), a_row(category="equality", mode="mandatory", base="summary")]}, "rows.1.mode", ""),
    ({"rows": [a_row(base="all")]}, "rows.0.base", "Input should be"),
    ({"rows": [a_row(note="x")]}, "rows.0.note", "not known here"),
    ({"recipient": "nobody-knows"}, "recipient", "not in the partnership"),
    ({"recipient": "hill-school"}, "recipient", "no agreement with itself"),
    ({"valid_until": "2031-01-01T00:00:00Z"}, "valid_until", "after valid_from"),
    ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until", "over already"),
    ({"valid_from": OMIT}, "valid_from", "required"),
    ({"valid_until": OMIT}, "valid_until", "required"),
    ({"title": ""}, "title", "at least 1"),
    ({"purpose": "curiosity"}, "purpose", "Input should be"),
]


async def test_every_agreement_that_does_not_hold_together_is_refused_with_its_field_and_not_stored(
    service: ConsentService,
) -> None:
    before = service.rows()
    unlike: list[tuple[Json, int, Any]] = []
    for changes, field, word in REFUSED_AGREEMENTS:
        reply = await service.send("POST", "/agreements", an_agreement(**changes), caller=SCHOOL_OFFICER)
        errors = reply.json().get("errors", [])
        fits = [error["field"].endswith(field) and word in error["message"] for error in errors]
        if reply.status != 422 or not any(fits):
            unlike.append((changes, reply.status, errors))
    assert unlike == [], "\n".join(map(str, unlike))
    assert len(REFUSED_AGREEMENTS) == 7 + 3 + 17
    assert service.rows() == before


async def test_an_agreement_is_recorded_by_the_agency_whose_information_it_opens(
    service: ConsentService,
) -> None:
    for officer in (HOUSING_OFFICER, YOT_OFFICER):
        problem = await service.problem(officer, "POST", "/agreements", an_agreement())
        assert problem.kind == "forbidden"
    assert service.rows()["agreements"] == 0
    answer = await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement())
    assert service.slept == [D], "it may be narrower than the default rows, so it takes away"
    [listed] = await service.call(HOUSING, "GET", "/agreements")
    assert listed == {
        **an_agreement(),
        "id": answer["id"],
        "text": None,
        "valid_from": "2031-01-01T00:00:00.000000Z",
        "valid_until": "2032-01-01T00:00:00.000000Z",
        "ended_at": None,
        "recorded_at": rfc3339(START),
        "may": ["end"],
    }


async def test_an_agreement_opens_what_its_rows_say_for_its_purpose_and_parties_only(
    service: ConsentService,
) -> None:
    case = fresh_case()
    labels = [
        LEARNING,
        a_label("hill-school", "wellbeing"),
        a_label("hill-school", "plan"),
        a_label("youth-offending", "learning"),
    ]
    assert await service.levels(HOUSING, a_case(case, *labels)) == [1, 1, 3, 1]
    rows = [a_row(), a_row(category="plan", base="none", mode="permission", cap="summary")]
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=rows))
    # Categories that it does not name keep the default rows.
    assert await service.levels(HOUSING, a_case(case, *labels)) == [3, 1, 0, 1]
    await service.consent(case, a_share(categories=["plan"]))
    assert await service.levels(HOUSING, a_case(case, *labels)) == [3, 1, 2, 1]
    await service.exclude(case, an_exclusion())
    assert await service.levels(HOUSING, a_case(case, *labels)) == [0, 1, 2, 0]


async def test_a_mandatory_row_is_not_the_familys_to_stop(service: ConsentService) -> None:
    case = fresh_case()
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=[a_row(mode="mandatory")]))
    await service.exclude(case, an_exclusion())
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]


async def test_what_is_sensitive_is_mandatory_where_there_is_a_statutory_duty_or_no_more_than_existence(
    service: ConsentService,
) -> None:
    """As lint says it of the policy: see the refusals above."""
    row = a_row(category="offending", mode="mandatory")
    await service.call(
        SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=[{**row, "base": "existence"}])
    )
    to_police = an_agreement(rows=[row], recipient="north-police")
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", to_police)
    assert service.rows()["agreements"] == 2


async def test_an_agreement_begins_and_expires_by_itself(service: ConsentService) -> None:
    case = fresh_case()
    window = {"valid_from": "2031-03-03T09:00:10Z", "valid_until": "2031-03-03T09:00:20Z"}
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement(**window))
    seen = []
    for seconds in (9.999999 - D, 0.000001, 8.999999, 0.000001):
        service.clock.turn(seconds=seconds)
        seen.append((await service.levels(HOUSING, a_case(case, LEARNING)))[0])
    assert seen == [1, 3, 3, 1]


async def test_either_party_ends_an_agreement_and_the_answer_comes_once_it_is_enforced(
    service: ConsentService,
) -> None:
    case = fresh_case()
    for place, officer in enumerate((SCHOOL_OFFICER, HOUSING_OFFICER)):
        agreement = (await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement()))["id"]
        path = f"/agreements/{agreement}/ending"
        assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
        assert (await service.problem(YOT_OFFICER, "POST", path)).kind == "forbidden"
        assert service.slept == [D] * (2 * place + 1)
        answer = await service.call(officer, "POST", path)
        assert (answer["id"], set(answer)) == (agreement, {"id", "enforced_at"})
        assert service.slept == [D] * (2 * place + 2)
        assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
        assert (await service.problem(officer, "POST", path)).kind == "conflict"
    assert len(await service.call(HOUSING, "GET", "/agreements")) == 2


async def test_an_agreement_that_is_not_there_cannot_be_ended(service: ConsentService) -> None:
    for target in (new_id(), "not-an-id", "x" * 300, "%00", "%FF"):
        reply = await service.send("POST", f"/agreements/{target}/ending", caller=SCHOOL_OFFICER)
        assert reply.status == 404, target


async def test_an_agency_is_added_once_and_its_kind_is_one_of_ours(service: ConsentService) -> None:
    listed = await service.call(SCHOOL, "GET", "/agencies")
    assert {agency["code"]: agency["kind"] for agency in listed} == AGENCIES
    assert [agency["code"] for agency in listed] == sorted(AGENCIES)
    new = {"code": "hill-school", "name": "Another", "kind": "health"}
    assert (await service.problem(SCHOOL_OFFICER, "POST", "/agencies", new)).kind == "conflict"
    bad = [
        {**new, "code": "Hill School"},
        {**new, "code": "x"},
        {**new, "code": "a" * 64},
        {**new, "code": "new-one", "kind": "astrology"},
        {**new, "code": "new-one", "name": ""},
        {**new, "code": "new-one", "name": "\u202e"},
        {**new, "code": "new-one", "secret": 1},
        {"code": "new-one", "kind": "health"},
    ]
    for body in bad:
        assert (await service.problem(SCHOOL_OFFICER, "POST", "/agencies", body)).kind == "invalid", body
    assert await service.call(SCHOOL, "GET", "/agencies") == listed
    names = {"code": "a" * 63, "name": "مدرسة النهر", "kind": "education", "telephone": "01632 960001"}
    await service.call(SCHOOL_OFFICER, "POST", "/agencies", names)
    [added] = [row for row in await service.call(SCHOOL, "GET", "/agencies") if row["code"] == "a" * 63]
    assert (added["name"], added["telephone"]) == (names["name"], names["telephone"])


async def warm_up(service: ConsentService) -> None:
    """Open as many connections as will be needed, so that what follows really happens at once."""
    await asyncio.gather(*(service.call(SCHOOL, "GET", "/agencies") for _ in range(12)))
    await asyncio.gather(*(service.decide(SCHOOL, action="search") for _ in range(12)))


async def test_an_agency_added_many_times_at_once_is_there_once(service: ConsentService) -> None:
    async def add(number: int) -> str:
        new = {"code": "late-comer", "name": f"Late {number}", "kind": "health"}
        try:
            return str((await service.call(SCHOOL_OFFICER, "POST", "/agencies", new))["code"])
        except Problem as problem:
            return problem.kind

    await warm_up(service)
    outcomes = sorted(await asyncio.gather(*(add(number) for number in range(8))))
    assert outcomes == ["conflict"] * 7 + ["late-comer"]


async def test_a_user_suspended_by_several_at_once_is_suspended_for_each_of_them(
    service: ConsentService,
) -> None:
    new = {"user": "hanna", "reason": "Laptop stolen"}
    officers = (SCHOOL_OFFICER, HOUSING_OFFICER, YOT_OFFICER) * 3
    await warm_up(service)
    answers = await asyncio.gather(
        *(service.call(officer, "POST", "/suspensions", new) for officer in officers)
    )
    assert [answer["user"] for answer in answers] == ["hanna"] * 9
    assert service.select("SELECT count(*) FROM suspensions WHERE \"user\" = 'hanna'") == [(3,)]
    assert service.slept == [D] * 9


async def suspensions(service: ConsentService, officer: Caller) -> list[Any]:
    listed: list[Any] = (await service.call(officer, "GET", "/suspensions"))["suspensions"]
    return listed


OFFICE = Caller("una", "Una Price", "the-office", "information_officer")
WARDEN = {"user": "hanna", "reason": "Laptop stolen"}


async def test_an_officer_suspends_for_the_own_agency_and_the_partnerships_office_for_every_one(
    service: ConsentService,
) -> None:
    await service.call(
        SCHOOL_OFFICER, "POST", "/agencies", {"code": "the-office", "name": "Office", "kind": "partnership"}
    )
    at_school = Caller("hanna", "Hanna Berg", "hill-school", "practitioner")
    asked = a_case(fresh_case(), a_label("hill-school", "plan"))

    async def shown() -> tuple[int, int]:
        return (await service.levels(HOUSING, asked))[0], (await service.levels(at_school, asked))[0]

    assert await shown() == (3, 3)
    await service.call(SCHOOL_OFFICER, "POST", "/suspensions", WARDEN)
    assert await shown() == (3, 0)
    await service.call(HOUSING_OFFICER, "POST", "/suspensions", WARDEN)
    assert await shown() == (0, 0)
    lifting = {"user": "hanna", "reason": "It was found"}
    slept = len(service.slept)
    lifted = await service.call(SCHOOL_OFFICER, "POST", "/suspensions/lifting", lifting)
    assert (lifted["user"], len(lifted["suspensions"])) == ("hanna", 1)
    assert len(service.slept) == slept, "what lets in again need not wait"
    assert await shown() == (0, 3)
    await service.call(OFFICE, "POST", "/suspensions", WARDEN)
    await service.call(HOUSING_OFFICER, "POST", "/suspensions/lifting", lifting)
    assert await shown() == (0, 0)
    assert (
        await service.problem(SCHOOL_OFFICER, "POST", "/suspensions/lifting", lifting)
    ).kind == "not-found", "that the office suspended somebody is not told"
    listed = {
        who.agency: [(one["user"], one["reason"], one["may"]) for one in await suspensions(service, who)]
        for who in (SCHOOL_OFFICER, HOUSING_OFFICER, OFFICE)
    }
    assert listed == {
        "hill-school": [],
        "city-housing": [],
        "the-office": [("hanna", "Laptop stolen", ["lift"])],
    }, "each office lists whom it suspended itself"
    await service.call(OFFICE, "POST", "/suspensions/lifting", lifting)
    assert await shown() == (3, 3)
    kept = "SELECT agency, reason, lifted_by, lifting_reason FROM suspensions ORDER BY agency"
    rows = set(service.select(kept))
    assert rows == {
        ("city-housing", "Laptop stolen", "omar", "It was found"),
        ("hill-school", "Laptop stolen", "otto", "It was found"),
        (None, "Laptop stolen", "una", "It was found"),
    }
    await service.call(HOUSING_OFFICER, "POST", "/suspensions", WARDEN)
    assert await shown() == (0, 3), "who was let in again can be suspended again"


async def test_nobody_lifts_their_own_suspension_nor_one_that_is_not_there(service: ConsentService) -> None:
    own = {"user": "omar", "reason": "A mistake"}
    colleague = Caller("odd", "Odd Berg", "city-housing", "information_officer")
    await service.call(colleague, "POST", "/suspensions", own)
    assert (await service.problem(HOUSING_OFFICER, "POST", "/suspensions/lifting", own)).kind == "forbidden"
    may = [[one["may"] for one in await suspensions(service, who)] for who in (HOUSING_OFFICER, colleague)]
    assert may == [[[]], [["lift"]]]
    await service.call(colleague, "POST", "/suspensions/lifting", own)
    for user in ("omar", "nobody"):
        again = {"user": user, "reason": "Once more"}
        assert (await service.problem(colleague, "POST", "/suspensions/lifting", again)).kind == "not-found"


async def test_a_user_whom_the_policy_names_suspends_for_every_agency_and_adds_agencies(
    service: ConsentService,
) -> None:
    [(stored,)] = service.select("SELECT document FROM policies")
    document = orjson.loads(stored) if isinstance(stored, str) else stored
    with service.database() as connection:
        publish(connection, 2, {**document, "partnership_officers": ["omar"]}, service.clock())
    await service.call(HOUSING_OFFICER, "POST", "/suspensions", WARDEN)
    at_school = Caller("hanna", "Hanna Berg", "hill-school", "practitioner")
    assert await service.levels(at_school, a_case(fresh_case(), a_label("hill-school", "plan"))) == [0]
    adding = {"deed": "add_agency"}
    permits = [
        (await service.decide(who, action="contribute", deed=adding))["permit"]["permitted"]
        for who in (HOUSING_OFFICER, SCHOOL_OFFICER, YOT_OFFICER, HOUSING)
    ]
    assert permits == [True, False, False, False]


async def test_a_suspension_names_a_user_and_a_reason(service: ConsentService) -> None:
    for body in ({"user": "hanna"}, {"reason": "x"}, {"user": "two words", "reason": "x"},
                 {"user": "hanna", "reason": "x", "until": "tomorrow"}):  # fmt: skip
        assert (await service.problem(HOUSING_OFFICER, "POST", "/suspensions", body)).kind == "invalid"
    assert service.rows()["suspensions"] == 0


def test_the_first_agency_is_added_from_the_command_line_and_adding_it_again_changes_nothing(
    databases: Any,
) -> None:
    for _ in range(2):
        add_first_agency(databases["consent"], "council", "partnership", "The Council")
    engine = create_engine(databases["consent"])
    with engine.connect() as connection:
        found = connection.execute(text("SELECT code, kind, name FROM agencies")).all()
    engine.dispose()
    assert [tuple(row) for row in found] == [("council", "partnership", "The Council")]
