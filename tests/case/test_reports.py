"""Reports in which nobody can be found: what is counted, and that it stays as it was made from day to day
(the figures themselves: ``tests/case/test_report_figures.py``).

Three changes that make this fail: making a report anew at each reading, making an agency's own when that is
first read, reading of a contact what it says today. And: leaving out what was recorded late.
"""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.case.reports.facts import Happening, answered, area_of, cells_of, wait
from services.case.reports.periods import counts_in, quarter, year
from shared.identity import Caller
from shared.problems import Problem
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, Json

TODAY = date(2031, 7, 1)
CLINIC = Caller("cora", "Cora Lind", "riverside-clinic", "coordinator")


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


def test_people_are_counted_once_with_each_agency_and_waits_in_weeks() -> None:
    happened = [
        Happening("p", "school", "refused"), Happening("p", "school", "accepted"),
        Happening("p", "yot", "accepted"), Happening("q", "yot", "refused"),
    ]  # fmt: skip
    assert cells_of(happened, "agency", {}) == {"school": {"school": {"p"}}, "yot": {"yot": {"p", "q"}}}
    assert cells_of(happened, "outcome", {}) == {
        "school": {"refused": {"p"}},
        "yot": {"accepted": {"p"}, "refused": {"q"}},
    }
    assert cells_of(happened, "area", {"p": "NE1"}) == {
        "school": {"NE1": {"p"}},
        "yot": {"NE1": {"p"}, "not recorded": {"q"}},
    }
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
async def test_who_has_two_agencies_counts_with_each_in_every_report(service: CaseService) -> None:
    """Fails when the partnership's report counts them with the first alone: 21 less 20 is one person."""
    shared = await service.person()
    await service.case(SCHOOL, person=shared)
    for caller, number in ((SCHOOL, 19), (YOT, 20)):
        for _ in range(number):
            await service.case(caller)
    await service.case(YOT, person=shared)
    service.clock.turn(days=30)
    whole = await report(service, "cases-opened", "agency", "2031-Q1")
    assert (rows(whole), whole["total"]) == ({YOT.agency: 21, SCHOOL.agency: 20}, 41)
    for caller, number in ((SCHOOL, 20), (YOT, 21)):
        own = await report(service, "cases-opened", "agency", "2031-Q1", scope=caller.agency)
        assert (rows(own), own["others"], own["total"]) == ({caller.agency: number}, None, number)


async def somebody_in(service: CaseService, caller: Caller, postcode: str) -> str:
    """Of whom a case is opened there; the path of the contact that says where they live."""
    person = await service.person(caller)
    contact = {"details": [{"kind": "contact", "fields": {"postcode": postcode}}]}
    kept = (await service.post(caller, f"/people/{person}/details", contact))["details"][0]["id"]
    await service.case(caller, person=person)
    return f"/people/{person}/details/{kept}"


@pytest.mark.anyio
@pytest.mark.parametrize("is_read_before", [True, False])
async def test_an_area_is_what_the_quarter_held_whenever_a_report_is_first_read(
    service: CaseService, is_read_before: bool
) -> None:
    """Fails when an agency's own is made later than the partnership's of what contacts say by then, and when
    what is made first counts what was corrected after the quarter: 30 less 15 less 14 is one person."""
    homes = [
        [await somebody_in(service, caller, postcode) for postcode in ["NE1 4ST"] * 15 + ["SW1A 1AA"] * 12]
        for caller in (SCHOOL, YOT)
    ]
    move = {"expected_version": 1, "fields": {"postcode": "SW1A 2AA"}}
    service.clock.turn(days=1)
    await service.patch(YOT, homes[1][0], move)
    service.clock.turn(days=30)
    if is_read_before:
        await report(service, "cases-opened", "need", "2031-Q1")
    await service.patch(SCHOOL, homes[0][0], move)
    await service.patch(YOT, homes[1][1], {"expected_version": 1, "fields": {"telephone": "01632 960001"}})
    whole = await report(service, "cases-opened", "area", "2031-Q1")
    assert rows(whole) == {"NE1": 29, "SW1A": 25}
    own = {caller: await report(service, "cases-opened", "area", "2031-Q1", caller.agency)
           for caller in (SCHOOL, YOT)}  # fmt: skip
    assert rows(own[SCHOOL]) == {"NE1": 15, "SW1A": 12}
    assert rows(own[YOT]) == {"NE1": 14, "SW1A": 13}


@pytest.mark.anyio
async def test_an_agency_of_which_nothing_was_counted_reads_nothing(service: CaseService) -> None:
    for _ in range(12):
        await service.case()
    service.clock.turn(days=30)
    for scope in (YOT.agency, "nobody"):
        empty = await report(service, "cases-opened", "agency", "2031-Q1", scope)
        assert (empty["rows"], empty["others"], empty["total"]) == ([], None, None)


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
async def test_a_cost_that_comes_late_counts_in_the_year_in_which_it_was_recorded(
    service: CaseService,
) -> None:
    """Fails when what came after its year was read is in no report, in that one, or in two."""
    cases = [await service.case() for _ in range(12)]

    async def spend(starts_on: str, ends_on: str, pence: int) -> None:
        for case in cases:
            cost = {"service": "Support", "starts_on": starts_on, "ends_on": ends_on, "pence": pence}
            await service.post(SCHOOL, f"/cases/{case}/costs", cost)

    await spend("2030-02-01", "2030-03-01", 1)
    first = await report(service, "costs", "agency", "2030")
    await spend("2030-05-01", "2030-06-01", 100)
    await spend("2031-01-01", "2031-02-01", 10_000)
    service.clock.turn(days=365)
    await spend("2030-07-01", "2030-08-01", 1_000_000)
    await spend("2029-07-01", "2029-08-01", 7)
    figures = {year: await report(service, "costs", "agency", str(year)) for year in (2031, 2030, 2029)}
    assert figures[2030] == first
    assert {year: (one["people"], one["pence"]) for year, one in figures.items()} == {
        2029: (12, 12 * 7), 2030: (12, 12), 2031: (12, 12 * 10_100),
    }  # fmt: skip
    service.clock.turn(days=365)
    assert (await report(service, "costs", "agency", "2032"))["pence"] == 12 * 1_000_000


@pytest.mark.anyio
async def test_of_two_who_read_costs_first_one_counts_them(service: CaseService) -> None:
    cost = {"service": "Support", "starts_on": "2030-02-01", "ends_on": "2030-03-01", "pence": 100}
    for _ in range(12):
        await service.post(SCHOOL, f"/cases/{await service.case()}/costs", cost)
    late = [service.post(SCHOOL, f"/cases/{await service.case()}/costs", cost) for _ in range(6)]
    read = [report(service, "costs", "agency", "2030") for _ in range(6)]
    answers = (await asyncio.gather(*(one for pair in zip(late, read, strict=True) for one in pair)))[1::2]
    assert all(answer == answers[0] for answer in answers)
    service.clock.turn(days=365)
    rest = [await service.post(SCHOOL, f"/cases/{await service.case()}/costs", {
        **cost, "starts_on": "2031-05-01", "ends_on": "2031-06-01", "pence": 1,
    }) for _ in range(12)]  # fmt: skip
    late_ones = await report(service, "costs", "agency", "2031")
    assert answers[0]["pence"] + late_ones["pence"] == 18 * 100 + len(rest)


@pytest.mark.parametrize(
    "starts_in, recorded_in, made, counted_in",
    [
        (2030, 2030, [], 2030), (2030, 2031, [], 2030), (2030, 2031, [2030], 2031),
        (2030, 2032, [2030], 2032), (2030, 2032, [2030, 2031], 2032), (2030, 2031, [2031], 2030),
        (2030, 2031, [2030, 2031], 2032), (2030, 2030, [2030], 2031), (2030, 2030, [2030, 2031, 2032], 2033),
        (2032, 2031, [], 2032),
    ],
)  # fmt: skip
def test_a_cost_counts_in_one_year_and_not_before_it_came(
    starts_in: int, recorded_in: int, made: list[int], counted_in: int
) -> None:
    """Of those that are made one after the other from then on, the first in which it counts."""
    to_come = [at for at in range(2029, 2035) if at not in made]
    counts = [at for at in to_come if counts_in(at, starts_in, recorded_in, made)]
    assert counts[0] == counted_in
    assert starts_in in made or counts == [counted_in]


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
        ({"pence": "5"}, "pence"), ({"pence": 10**12}, "pence"), ({"ends_on": "2030-02-01"}, "ends_on"),
        ({"agency": "x"}, "agency"), ({"planned_alternative": "A mentor"}, "planned_alternative_pence"),
        ({"planned_alternative_pence": 5}, "planned_alternative"),
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
