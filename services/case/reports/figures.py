"""Figures in which nobody can be found: nothing below ten, also not by difference (design 3.5 f). Pure.

What is counted is somebody with an agency: whoever has to do with two agencies counts with each, everywhere.
So what an agency reads of itself is what the partnership's report says of it, the agencies' figures add up
to the whole, and no difference tells how many people two agencies share.

**The rule.** All reports of one split are made together, of one table of agencies by groups:

1. The partnership's report folds small groups into *others*, and the smallest of the large ones with them
   while all that is folded is fewer than ten people. Of agencies it is found in the same way whose totals
   are told.
2. Another table is chosen, of some of these agencies and the rest together, by some of these groups and the
   rest together, in which no cell is of one to nine people. An agency's own report is its line of that table;
   of an agency that is in the rest its total is all that is told.

**Why this is enough.** Unknown remain the cells of the rest of the agencies, in every group, and those of the
rest of the groups, with every agency. Both are whole blocks: what can be had in them from sums of lines and
of columns, by adding and subtracting, and is a number of people, is of whole lines or of whole columns (a
cell of a two-way table is exposed when it lies on no circle of unknown cells, D. Gusfield, 1988; in a whole
block every cell does). Those are the totals of agencies, the columns of the partnership, and the lines and
columns of both rests; 1 and 2 leave none of one to nine people. The tests try every set of cells.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

LEAST = 10
People = AbstractSet[str]
Cells = Mapping[str, Mapping[str, People]]
"""By agency and by group, who: of one agency each person in one group."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The groups that are shown, with how many people each holds; ``others``: those in groups too small to be
    shown, None when there are none; ``total``: None when there are too few people to say anything."""

    groups: Mapping[str, int]
    others: int | None
    total: int | None


NOTHING = Figures({}, None, None)


@dataclass(frozen=True, slots=True)
class Reports:
    """The partnership's report and, of every agency of which something may be told, its own."""

    partnership: Figures
    own: Mapping[str, Figures]


def tells_of_few(bunch: Iterable[People]) -> bool:
    """Whether a figure of these would count somebody, and fewer than ten. Who is in it twice is one."""
    return 0 < len(set().union(*bunch)) < LEAST


def fold(bunches: Mapping[str, Collection[People]]) -> list[str] | None:
    """The names of those that may be told beside their sum, largest first; None where not even that may."""
    everybody = [people for bunch in bunches.values() for people in bunch]
    if tells_of_few(everybody) or not any(everybody):
        return None
    size = {name: len(set().union(*bunch)) for name, bunch in bunches.items()}
    told = sorted((name for name, count in size.items() if count), key=lambda name: (-size[name], name))
    folded = list[People]()
    while told and (size[told[-1]] < LEAST or tells_of_few(folded)):
        folded.extend(bunches[told.pop()])
    return told


def reports_of(cells: Cells) -> Reports:
    """All reports of one split, by the rule above."""
    groups = sorted({group for row in cells.values() for group in row})
    columns = {group: _cut(cells, cells, [group]) for group in groups}
    shown, agencies = fold(columns), fold({agency: list(row.values()) for agency, row in cells.items()})
    if shown is None or agencies is None:
        return Reports(NOTHING, {})
    split, lines = _largest_table(cells, agencies, shown)
    own = {agency: _figures(cells, [agency], split if agency in lines else ()) for agency in agencies}
    return Reports(_figures(cells, list(cells), shown), own)


def _cut(cells: Cells, agencies: Iterable[str], groups: Iterable[str]) -> list[People]:
    groups = list(groups)
    return [cells[agency][group] for agency in agencies for group in groups if group in cells[agency]]


def _largest_table(
    cells: Cells, agencies: Sequence[str], groups: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """The first of these groups, and those of the agencies, with which the rule's table has most cells."""
    tables = [(groups[:n], _lines(cells, agencies, groups[:n])) for n in range(len(groups), 0, -1)]
    return max(tables, key=lambda table: (len(table[0]) + 1) * len(table[1]), default=((), ()))


def _lines(cells: Cells, agencies: Sequence[str], groups: Sequence[str]) -> Sequence[str]:
    """The agencies, of these, whose lines may be told in these groups and the rest."""
    rest_of_groups = sorted({group for row in cells.values() for group in row}.difference(groups))
    parts = [*([group] for group in groups), rest_of_groups]

    def may_be_told(line: Collection[str]) -> bool:
        return not any(tells_of_few(_cut(cells, line, part)) for part in parts)

    lines = [agency for agency in agencies if may_be_told([agency])]
    while lines and not may_be_told(cells.keys() - set(lines)):
        lines.pop()
    return lines


def _figures(cells: Cells, agencies: Sequence[str], shown: Iterable[str]) -> Figures:
    counts = {group: sum(map(len, _cut(cells, agencies, [group]))) for group in shown}
    total = sum(len(people) for agency in agencies for people in cells[agency].values())
    largest_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = {group: count for group, count in largest_first if count}
    return Figures(told, total - sum(told.values()) or None, total)
