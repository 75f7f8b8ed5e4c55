"""Figures in which nobody can be found: nothing below ten, also not by difference (design 3.5 f). Pure.

Small groups are folded into *others*, with the smallest of the large ones where the small ones together are
still fewer than ten. Then every figure that is shown, and every sum or difference of such figures, counts
nobody or at least ten people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """The groups that are shown, with how many people each holds; ``others``: those in groups too small to be
    shown, None when there are none; ``total``: None when there are too few people to say anything."""

    groups: Mapping[str, int]
    others: int | None
    total: int | None


NOTHING = Figures({}, None, None)


def fold(counts: Mapping[str, int]) -> Figures:
    """The figures of disjoint groups."""
    total = sum(counts.values())
    if total < LEAST:
        return NOTHING
    largest_last = sorted((count, name) for name, count in counts.items() if count > 0)
    folded = 0
    while largest_last and (largest_last[0][0] < LEAST or 0 < folded < LEAST):
        folded += largest_last.pop(0)[0]
    return Figures({name: count for count, name in reversed(largest_last)}, folded or None, total)


def fold_beside(
    by_agency: Mapping[str, Mapping[str, int]], everybody: Mapping[str, int], agency: str
) -> Figures:
    """The figures of one agency's own report, which stand beside those of the partnership.

    ``by_agency``: each agency's groups; ``everybody``: those of the partnership, each person once. A group is
    shown that is shown there, where neither what is left of it nor what is left of several agencies' together
    is one to nine people: so that whoever reads both reports takes nobody from one another (design 3.5 f).
    """
    own = by_agency.get(agency, {})

    def may_be_shown(groups: Iterable[str]) -> bool:
        groups = list(groups)
        mine = sum(own.get(group, 0) for group in groups)
        left = sum(everybody.get(group, 0) for group in groups) - mine
        of_each = {name: sum(held.get(group, 0) for group in groups) for name, held in by_agency.items()}
        return mine >= LEAST and (left == 0 or left >= LEAST) and agency in fold(of_each).groups

    known = {*everybody, *own}
    if not may_be_shown(known):
        return NOTHING
    largest_first = sorted(fold(everybody).groups, key=lambda group: (-own.get(group, 0), group))
    shown = [group for group in largest_first if may_be_shown([group])]
    total = sum(own.values())
    others = total - sum(own[group] for group in shown)
    while others and not may_be_shown(known.difference(shown)):
        others += own[shown.pop()]
    return Figures({group: own[group] for group in shown}, others or None, total)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one agency spent on how many people."""

    agency: str
    people: int
    pence: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What is shown of a year's costs: agencies with enough people, largest first, ``others`` together, and
    all of them; None where too few people stand behind a figure."""

    agencies: tuple[Spent, ...]
    others_pence: int | None
    people: int | None
    pence: int | None

    @property
    def average_pence(self) -> int | None:
        """Per person, to the nearest penny."""
        return None if self.pence is None or self.people is None else round(self.pence / self.people)

    def share(self, pence: int) -> float:
        """In per cent of all, to one place."""
        assert self.pence, "shares are of something"
        return round(100 * pence / self.pence, 1)


def fold_costs(spent: Iterable[Spent], people: int) -> Costs:
    """The costs of a year. ``people``: on whom anything was spent, each once.

    An agency that spent on fewer than ten people is folded into the others, as is one that did on all but one
    to nine; and where none of these spent on ten, the smallest of the rest with them. What the others spent
    is the difference, and stands for ten people at least.
    """
    if people < LEAST:
        return Costs((), None, None, None)
    folded, shown = list[Spent](), list[Spent]()
    for one in sorted(spent, key=lambda one: (one.people, one.agency)):
        is_shown = one.people >= LEAST and not 0 < people - one.people < LEAST
        (shown if is_shown else folded).append(one)
    if shown and folded and all(one.people < LEAST for one in folded):
        folded.append(shown.pop(0))
    largest_first = tuple(sorted(shown, key=lambda one: (-one.pence, one.agency)))
    others = sum(one.pence for one in folded)
    return Costs(largest_first, others or None, people, others + sum(one.pence for one in shown))


def costs_beside(partnership: Costs, agency: str) -> Costs:
    """The costs of one agency's own report: what the partnership's shows of it, and nothing otherwise."""
    own = [one for one in partnership.agencies if one.agency == agency]
    return Costs(tuple(own), None, own[0].people, own[0].pence) if own else Costs((), None, None, None)
