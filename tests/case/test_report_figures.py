"""Figures in which nobody can be found: not by a small one, not by a difference, not beside another report,
also where agencies share people.

Every set of people is tried of whom the reports of all agencies together tell the number. Three changes that
make this fail: showing a group of nine, leaving one small group alone among the others, splitting an agency's
own report wherever its own groups are large enough.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.case.reports.figures import LEAST, NOTHING, Cells, Figures, Reports, fold, reports_of
from services.case.reports.spending import NO_COSTS, Spending, Spent, costs_beside, fold_costs

TRIES = settings(max_examples=300, deadline=None)
A_PRIME = 2_147_483_647
"""Sums are worked out modulo this: what then seems to follow, but does not, is one in millions."""


def people(first: int, number: int) -> set[str]:
    return {f"person-{n}" for n in range(first, first + number)}


def apart(**counts: Mapping[str, int]) -> Cells:
    """Agencies that have nobody in common, by how many people they have in each group."""
    return {
        agency: {group: {f"{agency}-{group}-{n}" for n in range(count)} for group, count in row.items()}
        for agency, row in counts.items()
    }


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
    assert reports_of(apart(school=counts)).partnership == figures


def test_ten_times_the_same_five_people_are_five() -> None:
    """Fails when what is counted is taken for people: five refusals by each of two agencies are of five."""
    both = {"refused": people(0, 5), "accepted": people(5, 20)}
    reports = reports_of({"school": both, "yot": both})
    assert reports.partnership == Figures({}, 50, 50)


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 60), max_size=9))
@TRIES
def test_no_sum_or_difference_of_figures_counts_one_to_nine_people(counts: dict[str, int]) -> None:
    """Fails when a group below ten is shown, or can be had by taking shown figures from one another."""
    figures = reports_of(apart(school=counts)).partnership
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


Cell = tuple[str, str]


def told_by(reports: Reports, cells: Cells) -> list[set[Cell]]:
    """The sets of cells whose number somebody knows who reads all the reports. Where one names a group and
    another, which is split too, does not, or where nobody is left for the others, that is nobody's number."""
    if reports.partnership.total is None:
        return []
    groups = {group for row in cells.values() for group in row}
    told = [set(product(cells, groups))]
    for group in groups:
        if group in reports.partnership.groups:
            told.append({(agency, group) for agency in cells})
        elif reports.partnership.others is None:
            told += [{(agency, group)} for agency in cells]
    in_the_table = {group for own in reports.own.values() for group in own.groups}
    for agency, own in reports.own.items():
        told.append({(agency, group) for group in groups})
        known = groups if own.others is None else in_the_table if own.groups else ()
        told += [{(agency, group)} for group in known]
    return told


def numbers_known(reports: Reports, cells: Cells) -> Iterable[set[Cell]]:
    """Every set of cells whose number follows from the reports by adding and subtracting."""
    every = sorted(product(cells, {group for row in cells.values() for group in row}))
    rows = dict[int, list[int]]()
    for told in told_by(reports, cells):
        row = _less(rows, [int(cell in told) for cell in every])
        lead = next((place for place, value in enumerate(row) if value), None)
        if lead is not None:
            by = pow(row[lead], -1, A_PRIME)
            rows[lead] = [value * by % A_PRIME for value in row]
    for chosen in product((0, 1), repeat=len(every)):
        if not any(_less(rows, chosen)):
            yield {cell for cell, here in zip(every, chosen, strict=True) if here}


def _less(rows: Mapping[int, list[int]], row: Iterable[int]) -> list[int]:
    left = list(row)
    for lead in sorted(rows):
        if left[lead]:
            times = left[lead]
            left = [(one - times * other) % A_PRIME for one, other in zip(left, rows[lead], strict=True)]
    return left


def found(reports: Reports, cells: Cells) -> list[int]:
    """Of how many people the reports tell, where these are one to nine."""
    bunches = (
        set[str]().union(*(cells[agency].get(group, ()) for agency, group in known))
        for known in numbers_known(reports, cells)
    )
    return sorted({len(bunch) for bunch in bunches if 0 < len(bunch) < LEAST})


@st.composite
def agencies_that_share_people(draw: st.DrawFn, agencies: str = "abc", groups: str = "xyz") -> Cells:
    """Each agency has some of the people in each group; another may have the same, in other groups too."""
    cells = dict[str, dict[str, set[str]]]()
    for agency in agencies:
        start = draw(st.integers(0, 60))
        for group in groups:
            number = draw(st.one_of(st.integers(0, 12), st.integers(8, 40)))
            cells.setdefault(agency, {})[group] = people(start, number)
            start += number
    return cells


@given(agencies_that_share_people())
@TRIES
def test_no_reports_beside_one_another_tell_of_one_to_nine_people(cells: Cells) -> None:
    """Whatever the agencies have in common. Fails when an agency's own report is folded by itself."""
    reports = reports_of(cells)
    assert found(reports, cells) == []
    for agency, own in reports.own.items():
        assert (
            own.total == sum(map(len, cells[agency].values())) == sum(own.groups.values()) + (own.others or 0)
        )
        assert own.groups.keys() <= reports.partnership.groups.keys()


@given(agencies_that_share_people("abc", "x"))
@TRIES
def test_what_an_agency_reads_of_itself_is_what_the_partnership_reads_of_it(held: Cells) -> None:
    cells = {agency: {agency: row["x"]} for agency, row in held.items() if row["x"]}
    assume(cells)
    reports = reports_of(cells)
    assert {agency: own.total for agency, own in reports.own.items()} == reports.partnership.groups
    for agency, own in reports.own.items():
        assert own == Figures({agency: len(cells[agency][agency])}, None, len(cells[agency][agency]))
    assert found(reports, cells) == []


def each_by_itself(cells: Cells) -> Reports:
    """The rule taken out: every agency's own report folded as if no other could be read."""
    own = {agency: reports_of({agency: row}).partnership for agency, row in cells.items()}
    return Reports(reports_of(cells).partnership, own)


UNSAFE = {
    # 35 less 20 are a's 15 in y, and what is left of a's 20 others are its five in z.
    "a chain of two differences": (apart(a={"x": 20, "y": 15, "z": 5}, b={"x": 12, "y": 20, "z": 25}), 5),
    "beside the partnership": (apart(a={"x": 14}, b={"x": 11}, c={"x": 3}), 3),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_with_the_rule_taken_out_somebody_is_found(name: str) -> None:
    cells, number = UNSAFE[name]
    assert number in found(each_by_itself(cells), cells)
    assert found(reports_of(cells), cells) == []


def test_agencies_with_enough_people_read_their_own_report_by_group() -> None:
    """What is safe is told: useful figures remain."""
    cells = apart(a={"x": 20, "y": 15, "z": 5}, b={"x": 12, "y": 20, "z": 25}, c={"x": 30, "y": 12, "z": 11})
    reports = reports_of(cells)
    assert reports.partnership == Figures({"x": 62, "y": 47, "z": 41}, None, 150)
    assert reports.own == {
        "a": Figures({"x": 20}, 20, 40),
        "b": Figures({"x": 12}, 45, 57),
        "c": Figures({"x": 30}, 23, 53),
    }
    large = apart(a={"x": 20, "y": 15}, b={"x": 12, "y": 20}, c={"x": 10, "y": 0})
    assert reports_of(large).own == {
        "a": Figures({"x": 20, "y": 15}, None, 35),
        "b": Figures({"y": 20, "x": 12}, None, 32),
        "c": Figures({"x": 10}, None, 10),
    }


def test_an_agency_with_too_few_people_reads_nothing() -> None:
    reports = reports_of(apart(a={"x": 14}, b={"x": 11}, c={"x": 3}))
    assert reports.own == {"a": Figures({"x": 14}, None, 14)}
    assert fold({"a": [people(0, 9)]}) is None


def test_an_agencys_own_costs_are_those_that_the_partnerships_report_shows() -> None:
    spending = [Spending("a", people(0, 20), 500), Spending("b", people(0, 12), 300)]
    partnership = fold_costs([*spending, Spending("c", people(0, 9), 200)])
    assert costs_beside(partnership, "a") == fold_costs(spending[:1])
    for folded in ("b", "c", "nobody"):
        assert costs_beside(partnership, folded) == NO_COSTS


def test_the_costs_of_thirty_six_people_add_up_as_the_papers_have_them() -> None:
    """36 people cost £23,000 a year each on average; five services pay 36, 21, 19, 18 and 6 per cent."""
    all_pence = 36 * 2_300_000
    shares = {"police": 36, "health": 21, "housing": 19, "care": 18, "school": 6}
    costs = fold_costs(
        [Spending(agency, people(0, 36), all_pence * share // 100) for agency, share in shares.items()]
    )
    assert (costs.people, costs.pence, costs.average_pence) == (36, all_pence, 2_300_000)
    assert {one.agency: costs.share(one.pence) for one in costs.agencies} == shares
    assert [one.agency for one in costs.agencies] == list(shares)
    assert costs.others_pence is None


@pytest.mark.parametrize(
    "on_whom, shown, others",
    [
        ({"a": (0, 20), "b": (0, 12), "c": (0, 9)}, ["a"], ["b", "c"]),  # b would tell of eight others
        ({"a": (0, 20), "b": (0, 9), "c": (0, 3)}, [], ["a", "b", "c"]),  # b and c are nine people
        ({"a": (0, 20), "b": (0, 9), "c": (17, 3)}, ["a"], ["b", "c"]),  # b and c are twelve
        ({"a": (0, 9)}, [], []),
        ({"a": (0, 20)}, ["a"], []),
        ({"a": (0, 20), "b": (20, 20)}, ["a", "b"], []),
        ({"a": (0, 20), "b": (19, 21)}, ["b"], ["a"]),  # 20 and 21 less 40: one whom both pay for
        ({"a": (0, 20), "b": (10, 20)}, ["a", "b"], []),
        ({"a": (0, 40), "b": (20, 40), "c": (40, 15)}, ["a", "b"], ["c"]),  # five are b's alone
    ],
)
def test_agencies_that_would_tell_people_apart_stand_among_others(
    on_whom: dict[str, tuple[int, int]], shown: list[str], others: list[str]
) -> None:
    pence = {"a": 500, "b": 300, "c": 200}
    costs = fold_costs([Spending(name, people(*which), pence[name]) for name, which in on_whom.items()])
    assert [one.agency for one in costs.agencies] == shown
    assert costs.others_pence == (sum(pence[name] for name in others) or None)


SOMEBODYS_PEOPLE = st.one_of(
    st.sets(st.integers(0, 60), min_size=1, max_size=40),
    st.builds(
        lambda first, number: set(range(first, first + number)), st.integers(0, 50), st.integers(1, 40)
    ),
)


@given(st.lists(SOMEBODYS_PEOPLE, min_size=1, max_size=5))
@TRIES
def test_no_difference_of_costs_is_of_fewer_than_ten_people(on_whom: list[set[int]]) -> None:
    """Whoever the people are on whom several agencies spent: by whichever of the shown agencies they are
    told apart, they are nobody or ten."""
    spending = [Spending(f"agency-{n}", {str(one) for one in whom}, 100) for n, whom in enumerate(on_whom)]
    everybody = set[str]().union(*(one.people for one in spending))
    costs = fold_costs(spending)
    if costs.pence is None:
        assert len(everybody) < LEAST
        return
    names = {one.agency for one in costs.agencies}
    assert {one.agency: one.people for one in costs.agencies} == {
        one.agency: len(one.people) for one in spending if one.agency in names
    }
    shown = [set(one.people) for one in spending if one.agency in names]
    folded = [one.people for one in spending if one.agency not in names]
    for with_them in product((True, False), repeat=len(shown)):
        alike = everybody.intersection(*(them for them, there in zip(shown, with_them, strict=True) if there))
        alike -= set[str]().union(*(them for them, there in zip(shown, with_them, strict=True) if not there))
        assert not 0 < len(alike) < LEAST
    assert costs.people == len(everybody)
    assert costs.others_pence == (100 * len(folded) or None)
    assert not folded or len(set().union(*folded)) >= LEAST
    in_several = sum(map(len, shown)) - len(set[str]().union(*shown))
    assert in_several == 0 or in_several >= LEAST


def test_what_costs_tell_of_an_agency_is_a_row() -> None:
    costs = fold_costs([Spending("a", people(0, 20), 500)])
    assert costs.agencies == (Spent("a", 20, 500),)
