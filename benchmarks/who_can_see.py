"""What it costs to say who can see: everybody on a team of sixteen over the case of ``benchmarks/decide.py``.

A cell is one (label, category, subject) for one seat, as in ``benchmarks/simulate.py``; a seat is a person in
one role and relationship, for one purpose. Facts are indexed once for the whole team; that is counted too.
"""

import gc
from statistics import median, quantiles
from time import process_time
from typing import Any

from benchmarks.decide import OWNERS, POLICY, REPEATS, a_case
from services.consent.decision.everybody import Seat, decide_everybody
from services.consent.decision.grid import categories_of
from shared.vocabulary import Purpose, Relationship, Role

GOAL_CELLS_PER_SECOND = 1_000_000
CALLS = 100
_ROLES = (Role.PRACTITIONER, Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER)


def a_team() -> list[Seat]:
    """Sixteen seats: three or four people of each of the five agencies, the first of whom leads."""
    seats = [
        Seat(f"user-{place}", agency, role, Relationship.MEMBER, Purpose.SUPPORT)
        for place, (agency, role) in enumerate((agency, role) for agency in OWNERS for role in _ROLES)
    ]
    return [*seats, Seat("lead", "school", Role.PRACTITIONER, Relationship.LEAD, Purpose.SUPPORT)]


def measure() -> list[dict[str, Any]]:
    """``who_can_see_cells_per_second``: processor time, the median over repeats, with the interquartile
    range as spread."""
    facts, ask = a_case()
    seats, labels = a_team(), ask.labels
    of_case = sum(len(categories_of(label.categories)) * len(label.subjects) for label in labels)
    cells = of_case * len(seats) * CALLS
    decided = decide_everybody(POLICY, facts, seats, labels, ask.at, ask.margin)
    assert sum(any(verdict.levels) for verdict in decided) > len(seats) / 2
    series = []
    gc.collect()
    for _ in range(REPEATS):
        started = process_time()
        for _ in range(CALLS):
            decide_everybody(POLICY, facts, seats, labels, ask.at, ask.margin)
        series.append(cells / (process_time() - started))

    low, _, high = quantiles(series, n=4)
    return [
        {
            "name": "who_can_see_cells_per_second",
            "value": round(median(series)),
            "unit": "cells/s",
            "goal": GOAL_CELLS_PER_SECOND,
            "n": REPEATS * cells,
            "spread": round(high - low),
        }
    ]


if __name__ == "__main__":
    for record in measure():
        print(record)
