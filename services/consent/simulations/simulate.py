"""What a draft would change for the people who ask now: the same ``decide`` under both policies. Pure.

A **cell** is one label set of one case for one caller; it is counted under each of its categories in which
the two policies differ. Callers whose standing is the same under both are not decided: they can neither gain
nor lose.

**Counts leave in steps** (design 3.5 f). What concerns fewer than ten cases is not told, and not told apart
from none. From there on a count is rounded down to 10, 20, 50, 100, 200, 500 … so that the difference
between two counts tells of no single case either. A simulation keeps exact counts only until it is finished.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from services.consent.decision.decide import decide_indexed
from services.consent.decision.facts import Ask, Label
from services.consent.decision.grid import NONE, categories_of
from services.consent.decision.index import IndexedFacts
from services.consent.policies.differences import Rules
from shared.vocabulary import Level, Relationship

FEWEST = 10
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who might ask about a case. ``user`` is empty for anybody of the agency in that position."""

    user: str
    agency: str
    kind: str
    role: str
    relationship: str
    by_subject: Mapping[str, str] = field(default_factory=dict)

    def positions(self) -> tuple[str, ...]:
        """Every relationship in which they may stand to somebody in the case; none is always one of them,
        for before a family takes part, and after, a team is held to what anybody sees."""
        return (self.relationship, Relationship.NONE, *self.by_subject.values())


BothFacts = tuple[IndexedFacts, IndexedFacts]
FactsFor = Callable[[str, str], BothFacts]
"""By agency and purpose: the facts of the case, as read with the old policy and with the new one."""

Used = Mapping[tuple[str, str, str, str], Mapping[int, Level]]
"""By user, agency, role and purpose: per label the highest level that was released to them recently."""

Row = tuple[str, str, str, str]
"""Role, agency, purpose and category."""


@dataclass(slots=True)
class Count:
    """Cells, and the number of different cases in which they are."""

    cells: int = 0
    cases: int = 0
    _last: object = None

    def add(self, case: object) -> None:
        self.cells += 1
        if case is not self._last:
            self.cases += 1
            self._last = case


WHAT = ("gained", "lost", "lost_in_use")


@dataclass(slots=True)
class Tally:
    """What was counted so far, exactly. It is kept inside, and only while a simulation runs."""

    rows: dict[Row, dict[str, Count]] = field(default_factory=dict)
    cases: int = 0
    cases_gaining: int = 0
    cases_losing: int = 0
    requests: int = 0

    def add(self, row: Row, what: str, case: object) -> None:
        self._counts(row)[what].add(case)

    def _counts(self, row: Row) -> dict[str, Count]:
        counts = self.rows.get(row)
        if counts is None:
            counts = self.rows[row] = {name: Count() for name in WHAT}
        return counts

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": [
                [*row, *(number for name in WHAT for number in (counts[name].cells, counts[name].cases))]
                for row, counts in self.rows.items()
            ],
            "numbers": [self.cases, self.cases_gaining, self.cases_losing, self.requests],
        }

    def add_json(self, stored: Mapping[str, Any]) -> None:
        """Add what an earlier page counted; no case is on two pages."""
        for role, agency, purpose, category, *numbers in stored["rows"]:
            counts = self._counts((role, agency, purpose, category))
            for place, name in enumerate(WHAT):
                counts[name].cells += numbers[2 * place]
                counts[name].cases += numbers[2 * place + 1]
        cases, gaining, losing, requests = stored["numbers"]
        self.cases += cases
        self.cases_gaining += gaining
        self.cases_losing += losing
        self.requests += requests


def simulate_case(
    rules: Rules,
    labels: Sequence[Label],
    readers: Iterable[Reader],
    facts_for: FactsFor,
    used: Used,
    moment: tuple[int, int],
    tally: Tally,
) -> None:
    """Decide one case for everybody who might ask, under both policies, and count what differs.

    ``moment`` is the time and D, in microseconds.
    """
    case = object()
    gaining = losing = False
    at, margin = moment
    for reader in readers:
        for purpose in rules.purposes_of(reader.role):
            mask = rules.mask(reader.kind, reader.role, reader.positions(), purpose)
            if not mask:
                continue
            ask = Ask(
                reader.user, reader.agency, reader.role, reader.relationship, purpose, at, margin,
                tuple(labels), reader.by_subject,
            )  # fmt: skip
            with_old, with_new = facts_for(reader.agency, purpose)
            before = decide_indexed(rules.old, with_old, ask).levels
            after = decide_indexed(rules.new, with_new, ask).levels
            if before == after:
                continue
            released = used.get((reader.user, reader.agency, reader.role, purpose), {})
            for place, (was, becomes) in enumerate(zip(before, after, strict=True)):
                if was == becomes:
                    continue
                gaining, losing = gaining or becomes > was, losing or becomes < was
                missed = becomes < released.get(place, NONE)
                for category in _words(labels[place].categories & mask):
                    row = reader.role, reader.agency, purpose, category
                    tally.add(row, "gained" if becomes > was else "lost", case)
                    if missed:
                        tally.add(row, "lost_in_use", case)
    tally.cases += 1
    tally.cases_gaining += gaining
    tally.cases_losing += losing


@lru_cache(maxsize=4096)
def _words(mask: int) -> tuple[str, ...]:
    return tuple(category.value for category in categories_of(mask))


def in_steps(count: int) -> int | None:
    """The highest step that a count reaches; None below ten."""
    if count < FEWEST:
        return None
    power = int("1".ljust(len(str(count)), "0"))
    return max(step * power for step in _STEPS if step * power <= count)


def shown(tally: Tally) -> dict[str, Any]:
    """What leaves of a finished tally: counts in steps, and only of what concerns ten cases or more."""
    rows = []
    for row, counts in sorted(tally.rows.items()):
        told = {name: in_steps(counts[name].cells) if counts[name].cases >= FEWEST else None for name in WHAT}
        if any(told.values()):
            rows.append(dict(zip(("role", "agency", "purpose", "category"), row, strict=True)) | told)
    return {
        "cells": rows,
        "cases": {
            "simulated": in_steps(tally.cases),
            "gaining": in_steps(tally.cases_gaining),
            "losing": in_steps(tally.cases_losing),
        },
        "requests": in_steps(tally.requests),
    }
