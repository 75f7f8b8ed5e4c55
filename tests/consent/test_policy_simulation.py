"""Simulation: what it counts is what the decision decides, and what leaves tells of no case (design 3.6)."""

import asyncio
import json
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import orjson
import pytest

from services.consent.simulations.simulate import FEWEST, Count, Tally, in_steps, shown
from shared.clock import rfc3339
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem
from tests.consent.service import (
    AGENCIES,
    CHILD,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    START,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_row,
    a_share,
    an_agreement,
    an_exclusion,
    fresh_case,
    taking_part,
)
from tests.consent.test_overrides import CARE_OFFICER, record
from tests.consent.test_policy_life import DEFAULT, DRAFTS, GOLDENS, approve, begin, change, publish

pytestmark = pytest.mark.anyio

LATER = START + timedelta(days=1)


def changed_document() -> Json:
    """A version that gives and takes: the plan, learning and health, and what anybody finds."""
    document: Json = json.loads(json.dumps(DEFAULT))
    for entry in document["ceilings"]:
        digits = list(entry["levels"])
        if entry["role"] == "practitioner" and entry["relationships"] != ["none"]:
            digits[4] = min(digits[4], "2")
        if entry["role"] == "practitioner" and entry["relationships"] == ["none"]:
            digits[3], digits[4] = "0", "1"
        if entry["role"] == "team_manager":
            digits[7] = "3"
        if entry["role"] == "family_member" and entry["relationships"] == ["parent"]:
            digits[7] = "1"
        entry["levels"] = "".join(digits)
    for row in document["rows"]:
        if row["purpose"] == "support" and row["recipients"] is None:
            row["cells"].update(U="0P3", H="2O3")
    return document


async def draft_of_change(service: ConsentService) -> str:
    draft = await begin(service)
    await change(service, draft, changed_document(), [])
    return draft


def labels() -> list[Json]:
    return [
        a_label("hill-school", "plan"),
        a_label("hill-school", "learning"),
        a_label("hill-school", "involvement"),
        a_label("youth-offending", "health", subjects=[CHILD, MOTHER]),
        a_label("youth-offending", "learning", "plan"),
        a_label("city-housing", "plan", accountable="hill-school"),
        a_label("city-housing", "health", unanswered=True),
    ]


def a_reader(user: str, agency: str, role: str, relationship: str, of_child: str | None = None) -> Json:
    return {
        "user": user,
        "agency": agency,
        "role": role,
        "relationship": relationship,
        "by_subject": {CHILD: of_child} if of_child else {},
    }


READERS = [
    a_reader("hanna", "city-housing", "practitioner", "member"),
    a_reader("lotte", "hill-school", "practitioner", "lead"),
    a_reader("yusuf", "youth-offending", "practitioner", "member"),
    a_reader("gone", "youth-offending", "practitioner", "member"),
    a_reader("vera", "hope-mentors", "volunteer", "member"),
    *(a_reader("", agency, "team_manager", "supervisor") for agency in ("city-housing", "hill-school")),
    a_reader("", "", "family_member", "none", of_child="parent"),
]


def to_simulate(case: str) -> Json:
    ask = a_case(case, *labels(), relationship="none")
    return {
        "ask": {**ask, "labels": [dict(label, entries=[]) for label in ask["labels"]]},
        "readers": READERS,
    }


async def begun(service: ConsentService, draft: str, **wanted: Any) -> str:
    path = f"{DRAFTS}/{draft}/simulations"
    answer = await service.call(SCHOOL_OFFICER, "POST", path, wanted)
    return f"{path}/{answer['id']}"


async def bring(
    service: ConsentService, path: str, cases: list[str], after: str | None, following: str | None
) -> Json:
    page = {"after": after, "next": following, "cases": [to_simulate(case) for case in cases]}
    answer: Json = await service.call(SCHOOL_OFFICER, "POST", f"{path}/pages", page)
    return answer


def tally_of(service: ConsentService) -> Json:
    [(stored,)] = service.select("SELECT tally FROM policy_simulations")
    tally: Json = orjson.loads(stored) if isinstance(stored, str) else stored
    return tally


def counted(service: ConsentService) -> Counter[tuple[str, ...]]:
    """The cells of the running simulation: by role, agency, purpose, category and what became of them."""
    found: Counter[tuple[str, ...]] = Counter()
    for role, agency, purpose, category, gained, _, lost, _, in_use, _ in tally_of(service)["rows"]:
        for what, number in (("gained", gained), ("lost", lost), ("lost_in_use", in_use)):
            if number:
                found[role, agency, purpose, category, what] = number
    return found


async def everybody(service: ConsentService, changes: list[Json]) -> list[Json]:
    """Who might ask about a case: the roster, and anybody of each agency whom the rules treat differently."""
    readers = [
        {**reader, "agency": reader["agency"] or "the-family"}
        for reader in READERS
        if reader["user"] != "gone"
    ]
    none = {(row["role"], kind) for row in changes if row["relationship"] == "none" for kind in row["kinds"]}
    return readers + [
        a_reader("", agency, role, "none")
        for agency, kind in AGENCIES.items()
        for role, of_kind in sorted(none)
        if of_kind == kind
    ]


async def decided(service: ConsentService, readers: list[Json], cases: list[str]) -> dict[Any, list[int]]:
    """What each is shown of each case now, asked of the decision itself."""
    seen = {}
    for place, reader in enumerate(readers):
        for purpose in ("support", "safeguarding", "panel", "subject_access"):
            for case in cases:
                asked = a_case(case, *labels(), relationship=reader["relationship"])
                asked["relationships_by_subject"] = reader["by_subject"]
                who = Caller(reader["user"] or "anybody", "", reader["agency"], reader["role"])
                answer = await service.decide(who, asked, action="list", purpose=purpose, reason="x")
                seen[place, purpose, case] = answer["cases"][0]["levels"]
    return seen


async def test_a_simulation_counts_what_the_decision_decides_before_and_after(
    service: ConsentService,
) -> None:
    """Fails when the simulation leaves out a kind of fact, somebody who might ask, or a purpose."""
    service.families_take_part = False
    cases = [fresh_case() for _ in range(4)]
    for case in cases[:3]:
        await service.consent(case, taking_part())
    await service.consent(cases[0], a_share(categories=["learning", "plan"]))
    of_health: Json = {"categories": ["health"], "recipients": ["hill-school"]}
    await service.consent(cases[1], a_share(level="summary", **of_health))
    await service.consent(cases[1], a_share(subject=MOTHER, capacity="adult", **of_health))
    await service.exclude(cases[2], an_exclusion(categories=["involvement"], agencies=["north-police"]))
    rows = [a_row(category="plan", base="summary", cap="full")]
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=rows))
    named: Json = {"recipients": {"agencies": ["city-housing"]}, "categories": ["plan", "learning"]}
    await record(service, cases[3], CARE_OFFICER, **named, level="summary")
    await service.call(YOT_OFFICER, "POST", "/suspensions", {"user": "gone", "reason": "Left"})
    draft = await draft_of_change(service)
    path = await begun(service, draft)
    await bring(service, path, cases[:3], None, cases[2])
    await bring(service, path, cases[3:], cases[2], cases[3])
    found = counted(service)
    changes = (await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{draft}"))["differences"]["levels"]
    readers = await everybody(service, changes)
    before = await decided(service, readers, cases)
    await bring(service, path, [], cases[3], None)
    digest = (await service.call(SCHOOL_OFFICER, "GET", path))["digest"]
    await approve(service, draft, digest)
    await publish(service, draft, digest, LATER)
    service.clock.at = LATER
    after = await decided(service, readers, cases)
    expected = expected_cells(readers, changes, before, after)
    assert found == expected
    assert len(expected) >= 20
    assert sum(number for key, number in expected.items() if key[-1] == "gained") >= 20
    assert sum(number for key, number in expected.items() if key[-1] == "lost") >= 20


def expected_cells(
    readers: list[Json], changes: list[Json], before: dict[Any, list[int]], after: dict[Any, list[int]]
) -> Counter[tuple[str, ...]]:
    expected: Counter[tuple[str, ...]] = Counter()
    for (place, purpose, case), was in before.items():
        reader = readers[place]
        stands = {reader["relationship"], "none", *reader["by_subject"].values()}
        differ = {
            row["category"]
            for row in changes
            if (row["role"], row["purpose"]) == (reader["role"], purpose)
            and row["relationship"] in stands
            and AGENCIES[reader["agency"]] in row["kinds"]
        }
        for label, old, new in zip(labels(), was, after[place, purpose, case], strict=True):
            for category in differ & set(label["categories"]) if old != new else ():
                what = "gained" if new > old else "lost"
                expected[reader["role"], reader["agency"], purpose, category, what] += 1
    return expected


async def read(service: ConsentService, who: Caller, case: str, **more: Any) -> None:
    shown = [dict(label, entries=[new_id()]) for label in labels()]
    await service.decide(who, a_case(case, *shown, relationship=more.pop("relationship", "member")), **more)


async def test_what_somebody_used_in_the_last_thirty_days_and_would_lose_is_counted(
    service: ConsentService,
) -> None:
    """Once for each person and label: reading is use, a list is not, nor what was never released."""
    cases = [fresh_case() for _ in range(3)]
    await read(service, HOUSING, cases[2])
    service.clock.turn(days=30, seconds=1)
    for _ in range(3):
        await read(service, HOUSING, cases[0])
    await read(service, SCHOOL, cases[0], action="list")
    await read(service, YOT, cases[1], action="print")
    stranger = Caller("passing", "Passing", "north-police", "practitioner")
    await read(service, stranger, cases[1], relationship="none")
    draft = await draft_of_change(service)
    path = await begun(service, draft)
    await bring(service, path, cases, None, cases[2])
    used = {key[1:4]: number for key, number in counted(service).items() if key[-1] == "lost_in_use"}
    assert used == {
        ("city-housing", "support", "plan"): 1,
        ("youth-offending", "support", "plan"): 2,
    }
    assert tally_of(service)["numbers"] == [3, 3, 3, 5]


async def test_whoever_asked_recently_and_is_on_no_roster_is_decided_too(service: ConsentService) -> None:
    case = fresh_case()
    draft = await draft_of_change(service)
    path = await begun(service, draft)
    visitor = Caller("vic", "Vic", "north-police", "practitioner")
    await read(service, visitor, case, relationship="none")
    await bring(service, path, [case], None, case)
    found = counted(service)
    # Anybody of the police, and this one who asked.
    assert found["practitioner", "north-police", "support", "plan", "gained"] == 2 * 2
    assert found["practitioner", "childrens-services", "support", "plan", "gained"] == 2


async def test_each_page_is_counted_once_however_often_and_by_whomever_it_is_brought(
    service: ConsentService,
) -> None:
    cases = [fresh_case() for _ in range(4)]
    draft = await draft_of_change(service)
    path = await begun(service, draft)
    assert await begun(service, draft) == path, "who begins while it runs goes on with it"
    await asyncio.gather(*(bring(service, path, cases[:2], None, cases[1]) for _ in range(5)))
    once = tally_of(service)
    assert once["numbers"][0] == 2
    place = await bring(service, path, cases[2:], cases[0], cases[3])
    assert (place["after"], place["finished"]) == (cases[1], False), (
        "a page that does not follow is not added"
    )
    assert tally_of(service) == once
    await asyncio.gather(*(bring(service, path, cases[2:], cases[1], None) for _ in range(5)))
    assert (await bring(service, path, cases, cases[1], None))["finished"]
    card = await service.call(SCHOOL_OFFICER, "GET", path)
    assert (card["state"], card["results"]["cases"]["simulated"]) == ("finished", None)
    assert service.select("SELECT tally FROM policy_simulations") == [(None,)]


async def test_a_simulation_of_what_the_draft_was_is_not_gone_on_with(service: ConsentService) -> None:
    draft = await draft_of_change(service)
    path = await begun(service, draft)
    await change(service, draft, DEFAULT, GOLDENS, revision=2)
    with pytest.raises(Problem) as raised:
        await bring(service, path, [], None, None)
    assert raised.value.kind == "conflict"
    other = await begun(service, draft)
    assert other != path
    await bring(service, other, [], None, None)
    assert await begun(service, draft) == other, "finished, and still good"
    assert await begun(service, draft, afresh=True) != other
    shown_draft = await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{draft}")
    assert (shown_draft["simulation"]["state"], shown_draft["approval"]) == ("running", None)


def tally_over(cases: int, *, each: int = 1) -> Tally:
    tally = Tally(cases=cases, cases_losing=cases, requests=cases)
    for _ in range(cases):
        case = object()
        for _ in range(each):
            tally.add(("practitioner", "city-housing", "support", "plan"), "lost", case)
    return tally


def test_what_concerns_fewer_than_ten_cases_cannot_be_told_from_none() -> None:
    """Fails when cells are counted instead of cases, or a zero is told apart."""
    nothing = shown(Tally())
    assert nothing["cells"] == []
    assert set(nothing["cases"].values()) | {nothing["requests"]} == {None}
    for cases in range(FEWEST):
        assert shown(tally_over(cases, each=40)) == nothing
    [row] = shown(tally_over(FEWEST, each=40))["cells"]
    assert row == {
        "role": "practitioner", "agency": "city-housing", "purpose": "support", "category": "plan",
        "gained": None, "lost": 200, "lost_in_use": None,
    }  # fmt: skip


def test_the_difference_of_two_counts_tells_of_no_single_case() -> None:
    """Counts leave in steps of which none is narrower than ten."""
    steps = sorted({step for count in range(FEWEST, 100_000) if (step := in_steps(count)) is not None})
    assert steps == [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]
    assert min(b - a for a, b in pairwise(steps)) >= FEWEST
    assert [in_steps(count) for count in (0, 9, 10, 19, 20, 99, 100, 4_999)] == [
        None, None, 10, 10, 20, 50, 100, 2_000,
    ]  # fmt: skip


def test_a_tally_is_the_same_in_one_page_or_in_many() -> None:
    whole, parts = Tally(), Tally()
    for _ in range(3):
        page = tally_over(7, each=2)
        parts.add_json(json.loads(json.dumps(page.as_json())))
    for _ in range(21):
        case = object()
        for _ in range(2):
            whole.add(("practitioner", "city-housing", "support", "plan"), "lost", case)
    whole.cases, whole.cases_losing, whole.requests = 21, 21, 21
    assert shown(whole) == shown(parts)
    assert whole.rows.keys() == parts.rows.keys()
    assert Count(3, 2).cells == 3


async def test_the_answer_that_leaves_names_no_case_and_nobody(service: ConsentService) -> None:
    cases = [fresh_case() for _ in range(25)]
    for case in cases[:12]:
        await read(service, HOUSING, case)
    draft = await draft_of_change(service)
    path = await begun(service, draft)
    await bring(service, path, cases, None, None)
    card = await service.call(SCHOOL_OFFICER, "GET", path)
    text = json.dumps(card)
    assert not any(case in text for case in [*cases, CHILD, MOTHER])
    assert not any(reader["user"] in text for reader in READERS if reader["user"])
    results = card["results"]
    assert results["cases"] == {"simulated": 20, "gaining": 20, "losing": 20}
    assert results["requests"] == 10
    told = {
        (row["agency"], row["category"]): row for row in results["cells"] if row["role"] == "practitioner"
    }
    assert told["city-housing", "plan"]["lost_in_use"] == 10
    assert told["youth-offending", "plan"]["lost_in_use"] is None
    numbers = {row[name] for row in results["cells"] for name in ("gained", "lost", "lost_in_use")}
    assert numbers <= {None, 10, 20, 50, 100, 200}
    assert rfc3339(START) == card["begun_at"]


async def test_only_the_officers_second_person_sees_the_same_results(service: ConsentService) -> None:
    """Results are one and the same for everybody who reads them, whichever agency they are of."""
    draft = await draft_of_change(service)
    path = await begun(service, draft)
    await bring(service, path, [fresh_case() for _ in range(12)], None, None)
    cards = [await service.call(who, "GET", path) for who in (SCHOOL_OFFICER, HOUSING_OFFICER, YOT_OFFICER)]
    assert cards[0] == cards[1] == cards[2]
