"""What agencies spent on how many people, so that nobody can be found in it (design 3.5 f). Pure.

People are counted once in the whole and once with each agency, since what one person costs is asked: so a
difference of the rows and the whole may tell how many two agencies share. **The rule**: of the agencies that
are shown, whoever is counted with some of them and not with the others is so together with nine more people
at least (10-anonymity over the rows, after L. Sweeney, 2002). Then whatever is had from the figures by
adding, subtracting and comparing is of nobody or of ten people: it is put together of those bunches.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.case.reports.figures import LEAST, People, tells_of_few


@dataclass(frozen=True, slots=True)
class Spending:
    """What one agency spent on whom."""

    agency: str
    people: People
    pence: int


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


NO_COSTS = Costs((), None, None, None)


def fold_costs(spending: Collection[Spending]) -> Costs:
    """The costs of a year. Those with most people are shown first, as long as nobody is told apart; while the
    others together spent on fewer than ten, the smallest that is shown is folded with them."""
    everybody = set[str]().union(*(one.people for one in spending))
    if len(everybody) < LEAST:
        return NO_COSTS
    shown, folded = list[Spending](), list[Spending]()
    smallest_first = sorted(spending, key=lambda one: (len(one.people), one.agency))
    for one in reversed(smallest_first):
        (folded if _tells_apart(everybody, [*shown, one]) else shown).append(one)
    while shown and tells_of_few(one.people for one in folded):
        folded.append(shown.pop())
    rows = (Spent(one.agency, len(one.people), one.pence) for one in shown)
    others = sum(one.pence for one in folded)
    return Costs(
        tuple(sorted(rows, key=lambda row: (-row.pence, row.agency))),
        others or None,
        len(everybody),
        others + sum(one.pence for one in shown),
    )


def _tells_apart(everybody: People, shown: Sequence[Spending]) -> bool:
    """Whether fewer than ten people are alone in who of these spent on them."""
    bunches = Counter(tuple(person in one.people for one in shown) for person in everybody)
    return min(bunches.values()) < LEAST


def costs_beside(partnership: Costs, agency: str) -> Costs:
    """The costs of one agency's own report: what the partnership's shows of it, and nothing otherwise."""
    own = [one for one in partnership.agencies if one.agency == agency]
    return Costs(tuple(own), None, own[0].people, own[0].pence) if own else NO_COSTS
