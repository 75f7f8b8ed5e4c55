"""Reports in which nobody can be found: not by a small figure, not by a difference, not from day to day.

Three changes that make this fail: showing a group of nine, leaving one small group alone among the others,
making a report anew at each reading.
"""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.case.reports.facts import Happening, answered, area_of, each_person_once, wait
from services.case.reports.figures import (
    LEAST,
    NOTHING,
    Figures,
    Spent,
    costs_beside,
    fold,
    fold_beside,
    fold_costs,
)
from services.case.reports.periods import quarter, year
from shared.identity import Caller
from shared.problems import Problem
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, Json

TODAY = date(2031, 7, 1)
CLINIC = Caller("cora", "Cora Lind", "riverside-clinic", "coordinator")


@pytest.mark.parametrize(
    "counts, figures",
    [
        ({}, NOTHING),
        ({"a": 9}, NOTHING),
        ({"a": 5, "b": 4}, NOTHING),
        ({"a": 10}, Figures({"a": 10}, None, 10)),
        ({"a": 5, "b": 5}, Figures({}, 10, 10)),
        ({"a": 30, "b": 9}, Figures({}, 39, 39)),  # a alone would tell of nine others
        ({"a": 30, "b": 12, "c": 9}, Figures({"a": 30}, 21, 51)),
        ({"a": 30, "b": 12, "c": 9, "d": 1}, Figures({"a": 30, "b": 12}, 10, 52)),
        ({"a": 30, "b": 12, "c": 0}, Figures({"a": 30, "b": 12}, None, 42)),
    ],
)
def test_small_groups_stand_among_others(counts: dict[str, int], figures: Figures) -> None:
    assert fold(counts) == figures


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 60), max_size=9))
@settings(max_examples=1000, deadline=None)
def test_no_sum_or_difference_of_figures_counts_one_to_nine_people(counts: dict[str, int]) -> None:
    """Fails when a group below ten is shown, or can be had by taking shown figures from one another."""
    figures = fold(counts)
    shown = [*figures.groups.values(), *([figures.others] if figures.others else [])]
    if figures.total is None:
        assert shown == []
        assert sum(counts.values()) < LEAST
        return
    assert sum(shown) == figures.total == sum(counts.values())
    for size in range(1, len(shown) + 1):
        for some in combinations(shown, size):
            assert sum(some) >= LEAST
            assert figures.total - sum(some) == 0 or figures.total - sum(some) >= LEAST


@given(
    st.dictionaries(
        st.sampled_from("abcd"),
        st.dictionaries(st.sampled_from("wxyz"), st.integers(0, 40), max_size=4),
        min_size=1,
    )
)
@settings(max_examples=1000, deadline=None)
def test_no_difference_between_the_partnerships_report_and_agencies_own_is_of_one_to_nine_people(
    by_agency: dict[str, dict[str, int]],
) -> None:
    """Fails when an agency's own report is folded by itself: 28 less 14 less 11 leaves three."""
    everybody = Counter[str]()
    for held in by_agency.values():
        everybody.update(held)
    partnership = fold(everybody)
    known = set(everybody)
    for agency, held in by_agency.items():
        own = fold_beside(by_agency, everybody, agency)
        if own.total is None:
            assert (own.groups, own.others) == ({}, None)
            continue
        assert own.groups.keys() <= partnership.groups.keys()
        assert own.total == sum(held.values()) == sum(own.groups.values()) + (own.others or 0)
        cells = [({group}, count) for group, count in own.groups.items()]
        cells.append((known.difference(own.groups), own.others or 0))
        for groups, count in cells:
            left = sum(everybody[group] for group in groups) - count
            assert count == 0 or count >= LEAST
            assert count == 0 or left == 0 or left >= LEAST
    for group, there in partnership.groups.items():
        told = [fold_beside(by_agency, everybody, agency).groups.get(group, 0) for agency in by_agency]
        assert there - sum(told) == 0 or there - sum(told) >= LEAST, "all the managers and the scrutineer"


def test_an_agencys_own_costs_are_those_that_the_partnerships_report_shows() -> None:
    spent = [Spent("a", 20, 500), Spent("b", 12, 300), Spent("c", 9, 200)]
    partnership = fold_costs(spent, 20)
    assert costs_beside(partnership, "a") == fold_costs([Spent("a", 20, 500)], 20)
    for folded in ("b", "c", "nobody"):
        assert costs_beside(partnership, folded).pence is None


def test_the_costs_of_thirty_six_people_add_up_as_the_papers_have_them() -> None:
    """36 people cost £23,000 a year each on average; five services pay 36, 21, 19, 18 and 6 per cent."""
    all_pence = 36 * 2_300_000
    shares = {"police": 36, "health": 21, "housing": 19, "care": 18, "school": 6}
    spent = [Spent(agency, 20, all_pence * share // 100) for agency, share in shares.items()]
    costs = fold_costs(spent, 36)
    assert (costs.people, costs.pence, costs.average_pence) == (36, all_pence, 2_300_000)
    assert {one.agency: costs.share(one.pence) for one in costs.agencies} == shares
    assert [one.agency for one in costs.agencies] == list(shares)
    assert costs.others_pence is None


@pytest.mark.parametrize(
    "people_of, shown, others",
    [
        ({"a": 20, "b": 12, "c": 9}, ["a"], ["b", "c"]),  # c alone would be the difference
        ({"a": 20, "b": 9, "c": 3}, [], ["a", "b", "c"]),  # b and c may be nine people
        ({"a": 20, "b": 12, "c": 9, "d": 3}, ["a"], ["b", "c", "d"]),
        ({"a": 9}, [], ["a"]),
        ({"a": 20}, ["a"], []),
    ],
)
def test_an_agency_with_few_people_is_not_the_only_one_left_out(
    people_of: dict[str, int], shown: list[str], others: list[str]
) -> None:
    pence = {"a": 500, "b": 300, "c": 200, "d": 100}
    costs = fold_costs([Spent(name, count, pence[name]) for name, count in people_of.items()], 20)
    assert [one.agency for one in costs.agencies] == shown
    assert costs.others_pence == (sum(pence[name] for name in others) or None)
    assert fold_costs([Spent("a", 9, 500)], 9).pence is None


@given(st.lists(st.sets(st.integers(0, 40), min_size=1, max_size=30), min_size=1, max_size=6))
@settings(max_examples=500, deadline=None)
def test_no_difference_of_costs_is_of_fewer_than_ten_people(on_whom: list[set[int]]) -> None:
    """Whoever the people are on whom several agencies spent: what the others spent is of ten or more."""
    spent = [Spent(f"agency-{number}", len(people), 100) for number, people in enumerate(on_whom)]
    everybody = set().union(*on_whom)
    costs = fold_costs(spent, len(everybody))
    if costs.pence is None:
        assert len(everybody) < LEAST
        return
    shown = {one.agency for one in costs.agencies}
    assert all(one.people >= LEAST for one in costs.agencies)
    folded = [people for one, people in zip(spent, on_whom, strict=True) if one.agency not in shown]
    assert costs.others_pence == (100 * len(folded) or None)
    assert not folded or len(set().union(*folded)) >= LEAST
    assert costs.people is not None
    not_spent_on = [costs.people - one.people for one in costs.agencies]
    assert not any(0 < people < LEAST for people in not_spent_on)


@pytest.mark.parametrize(
    "text, span",
    [
        ("2031-Q2", (date(2031, 4, 1), date(2031, 7, 1))),
        ("2030-Q4", (date(2030, 10, 1), date(2031, 1, 1))),
        ("2031-Q3", None), ("2031-Q5", None), ("2031", None), ("2031-q2", None), ("99999-Q1", None),
        ("\u0662\u0660\u0663\u0660-Q1", None), ("", None),
    ],
)  # fmt: skip
def test_a_quarter_is_named_plainly_and_over(text: str, span: Any) -> None:
    if span is None:
        with pytest.raises(Problem) as refused:
            quarter(text, TODAY)
        assert [error.field for error in refused.value.errors] == ["period"]
    else:
        assert quarter(text, TODAY) == span


def test_a_year_is_over_too() -> None:
    assert year("2030", TODAY) == (date(2030, 1, 1), date(2031, 1, 1))
    for wrong in ("2031", "30", "0000", "2030-Q1"):
        with pytest.raises(Problem):
            year(wrong, TODAY)


@pytest.mark.parametrize(
    "postcode, area",
    [
        ("NE1 4ST", "NE1"), ("sw1a1aa", "SW1A"), ("M1 1AE", "M1"), ("nowhere", "not recorded"),
        (None, "not recorded"),
    ],
)  # fmt: skip
def test_an_area_is_the_first_half_of_a_postcode(postcode: str | None, area: str) -> None:
    assert area_of(postcode) == area


def test_people_are_counted_once_and_waits_in_weeks() -> None:
    twice = [Happening("p", "school"), Happening("p", "yot"), Happening("q", "yot")]
    assert each_person_once(twice) == [Happening("p", "school"), Happening("q", "yot")]
    opened = datetime(2031, 1, 1, tzinfo=UTC)
    accepted = [None, *(datetime(2031, 1, day, tzinfo=UTC) for day in (1, 7, 8, 28, 29))]
    waits = [
        "still waiting",
        "within a week",
        "within a week",
        "within four weeks",
        "within four weeks",
        "longer",
    ]
    assert [wait(opened, at) for at in accepted] == waits


async def report(service: CaseService, name: str, by: str, period: str, scope: str = "") -> Json:
    content = {"report": name, "by": by, "period": period, "scope": scope}
    found: Json = await service.post(SCHOOL, "/reports", content)
    return found


def rows(found: Json) -> dict[str, int]:
    return {row["name"]: row["people"] for row in found["rows"]}


@pytest.mark.anyio
async def test_a_report_counts_people_and_stays_as_it_was_first_read(service: CaseService) -> None:
    cases = [await service.case(caller) for caller in [SCHOOL] * 14 + [YOT] * 11 + [HOUSING] * 3]
    for case in cases[:12]:
        await service.post(SCHOOL, f"/cases/{case}/need-levels", {"level": 3, "reason": "Three agencies."})
    for case in cases[:11]:
        await service.lead(case, SCHOOL)
    for number, case in enumerate(cases[:20]):
        reason = "needs_met" if number < 13 else "moved_away"
        caller = SCHOOL if number < 14 else YOT
        await service.post(caller, f"/cases/{case}/closure", {"reason": reason})
    service.clock.turn(days=30)
    by_agency = await report(service, "cases-opened", "agency", "2031-Q1")
    assert rows(by_agency) == {SCHOOL.agency: 14}
    assert (by_agency["others"], by_agency["total"], by_agency["fewer_than"]) == (14, 28, 10)
    by_need = await report(service, "cases-opened", "need", "2031-Q1")
    assert rows(by_need) == {"not recorded": 16, "level 3": 12}
    assert rows(await report(service, "cases-opened", "area", "2031-Q1")) == {"not recorded": 28}
    outcomes = await report(service, "cases-closed", "outcome", "2031-Q1")
    assert (rows(outcomes), outcomes["others"]) == ({}, 20)
    waits = await report(service, "waits-for-a-lead", "outcome", "2031-Q1")
    assert rows(waits) == {"still waiting": 17, "within a week": 11}
    answers = await report(service, "answers-to-nominations", "outcome", "2031-Q1")
    assert rows(answers) == {"accepted": 11}
    own = await report(service, "cases-opened", "agency", "2031-Q1", scope=SCHOOL.agency)
    assert (rows(own), own["total"]) == ({SCHOOL.agency: 14}, 14)
    for caller in (YOT, HOUSING):
        # Beside the 28 of the partnership and the school's 14, YOT's 11 would tell of the three of housing.
        few = await report(service, "cases-opened", "agency", "2031-Q1", scope=caller.agency)
        assert (few["rows"], few["others"], few["total"]) == ([], None, None)
    for case in cases[20:]:
        await service.post(YOT, f"/cases/{case}/need-levels", {"level": 1, "reason": "Less."})
    assert await report(service, "cases-opened", "need", "2031-Q1") == by_need


@pytest.mark.anyio
async def test_referrals_are_counted_as_they_stood_at_the_end_of_the_quarter(service: CaseService) -> None:
    asked = {}
    for _ in range(32):
        case = await service.case()
        body = {"agency": CLINIC.agency, "reason": "She cannot settle."}
        asked[case] = (await service.post(SCHOOL, f"/cases/{case}/referrals", body))["id"]
    referrals = list(asked.values())
    for number, referral in enumerate(referrals[:21]):
        how, said = (
            ("refusal", {"reason": "Too young"}) if number < 11 else ("acceptance", {"note": "Monday"})
        )
        await service.post(CLINIC, f"/referrals/{referral}/{how}", said)
    service.clock.turn(days=30)
    await service.post(CLINIC, f"/referrals/{referrals[21]}/refusal", {"reason": "Too late for the quarter"})
    answers = await report(service, "answers-to-referrals", "outcome", "2031-Q1")
    assert rows(answers) == {"no answer": 11, "refused": 11, "accepted": 10}
    waits = await report(service, "waits-for-an-answer", "outcome", "2031-Q1")
    assert rows(waits) == {"within a week": 21, "still waiting": 11}
    assert rows(await report(service, "answers-to-referrals", "agency", "2031-Q1")) == {CLINIC.agency: 32}
    assert (
        answered("refused", datetime(2031, 4, 1, tzinfo=UTC), datetime(2031, 4, 1, tzinfo=UTC)) == "no answer"
    )


@pytest.mark.anyio
async def test_nominations_are_counted_as_they_stood_at_the_end_of_the_quarter(service: CaseService) -> None:
    """An agency reads its own later than somebody read the partnership's: the two are of the same day."""
    asked = []
    for number in range(40):
        case = await service.case()
        await service.join(case, YOT)
        asked.append((case, await service.nominate(case, YOT)))
        if number < 20:
            await service.post(YOT, f"/cases/{case}/nominations/{asked[-1][1]}/acceptance")
    service.clock.turn(days=30)
    late, nomination = asked[20]
    await service.post(YOT, f"/cases/{late}/nominations/{nomination}/acceptance")
    answers = await report(service, "answers-to-nominations", "outcome", "2031-Q1")
    assert rows(answers) == {"accepted": 20, "no answer": 20}


@pytest.mark.anyio
async def test_an_agency_reads_of_its_costs_what_the_partnership_read(service: CaseService) -> None:
    """What somebody records late is in neither: it would be the difference of the two."""
    cost = {"service": "Support", "starts_on": "2030-02-01", "ends_on": "2030-03-01", "pence": 100}
    for _ in range(12):
        await service.post(SCHOOL, f"/cases/{await service.case()}/costs", cost)
    whole = await report(service, "costs", "agency", "2030")
    await service.post(SCHOOL, f"/cases/{await service.case()}/costs", cost)
    own = await report(service, "costs", "agency", "2030", scope=SCHOOL.agency)
    assert (whole["people"], own["people"], own["rows"]) == (12, 12, whole["rows"])
    other = await report(service, "costs", "agency", "2030", scope=YOT.agency)
    assert (other["rows"], other["people"]) == ([], None)


@pytest.mark.anyio
async def test_costs_are_added_up_by_agency_and_year(service: CaseService) -> None:
    spending = {SCHOOL: 100_000, YOT: 300_000, HOUSING: 50_000}
    cases = [await service.case() for _ in range(12)]
    for caller, pence in spending.items():
        for case in cases[: 9 if caller is HOUSING else 12]:
            cost = {"service": "Support", "starts_on": "2030-02-01", "ends_on": "2030-03-01", "pence": pence}
            await service.post(caller, f"/cases/{case}/costs", cost)
    found = await report(service, "costs", "agency", "2030")
    together = 12 * 400_000 + 9 * 50_000
    assert (found["people"], found["pence"], found["average_pence"]) == (12, together, round(together / 12))
    [row] = found["rows"]
    assert (row["name"], row["pence"]) == (YOT.agency, 3_600_000)
    assert row["share_percent"] == round(100 * 3_600_000 / together, 1)
    assert found["others_pence"] == together - 3_600_000
    assert (await report(service, "costs", "agency", "2029"))["pence"] is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    "changes, field",
    [
        ({"pence": 0}, "pence"), ({"pence": -5}, "pence"), ({"pence": 1.5}, "pence"),
        ({"pence": "5"}, "pence"), ({"pence": 10**12}, "pence"), ({"ends_on": "2030-02-01"}, "body"),
        ({"agency": "x"}, "agency"), ({"planned_alternative": "A mentor"}, "body"),
        ({"planned_alternative_pence": 5}, "body"),
        ({"planned_alternative": "A mentor", "planned_alternative_pence": 0}, "planned_alternative_pence"),
    ],
)  # fmt: skip
async def test_a_cost_that_cannot_be_is_refused(service: CaseService, changes: Json, field: str) -> None:
    case = await service.case()
    cost = {"service": "Support", "starts_on": "2030-02-01", "ends_on": "2030-03-01", "pence": 5, **changes}
    refused = await service.problem(SCHOOL, "POST", f"/cases/{case}/costs", cost)
    assert (refused.kind, [error.field for error in refused.errors]) == ("invalid", [field])


@pytest.mark.anyio
async def test_what_no_report_is_about_is_refused(service: CaseService) -> None:
    for name, by, kind in (
        ("rumours", "agency", "not-found"), ("costs", "need", "invalid"),
        ("waits-for-a-lead", "agency", "invalid"),
    ):  # fmt: skip
        content = {"report": name, "by": by, "period": "2030-Q1", "scope": ""}
        assert (await service.problem(SCHOOL, "POST", "/reports", content)).kind == kind
    assert service.rows()["published_reports"] == 0


@pytest.mark.anyio
async def test_two_who_read_a_report_first_read_the_same(service: CaseService) -> None:
    for _ in range(10):
        await service.case()
    service.clock.turn(days=30)
    asked = [report(service, "cases-opened", "agency", "2031-Q1") for _ in range(8)]
    answers = await asyncio.gather(*asked)
    assert all(answer == answers[0] for answer in answers)
    assert service.rows()["published_reports"] == 1
