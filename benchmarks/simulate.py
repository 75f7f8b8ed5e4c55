"""What simulating a policy costs: cells decided for one case and everybody who might ask (design 5.5).

The case of ``benchmarks/decide.py`` with a roster of nine: eight people of five agencies, and the manager of
one. Two policies that differ in every ceiling are compared, so that nobody is left out. A cell is one (label,
category, subject) for one caller under one policy; indexing the facts anew for each case is counted too.
"""

import gc
import json
from statistics import median, quantiles
from time import process_time
from typing import Any

from benchmarks.decide import NOW, POLICY, a_case
from services.consent.decision.facts import Facts, Label
from services.consent.decision.grid import categories_of
from services.consent.decision.index import IndexedFacts, index_facts
from services.consent.decision.policy import Policy, parse_policy
from services.consent.policies.differences import Rules
from services.consent.simulations.simulate import Reader, Tally, simulate_case
from shared.vocabulary import AgencyKind, Relationship, Role

GOAL = 1_000_000
REPEATS = 30
CASES = 200
MEMBER, LEAD = Relationship.MEMBER, Relationship.LEAD

READERS = (
    Reader("user-1", "school", AgencyKind.EDUCATION, Role.PRACTITIONER, LEAD),
    Reader("user-2", "school", AgencyKind.EDUCATION, Role.PRACTITIONER, MEMBER),
    Reader("user-3", "trust", AgencyKind.HEALTH, Role.PRACTITIONER, MEMBER),
    Reader("user-4", "trust", AgencyKind.HEALTH, Role.SAFEGUARDING_LEAD, MEMBER),
    Reader("user-5", "council", AgencyKind.SOCIAL_CARE, Role.PRACTITIONER, MEMBER),
    Reader("user-6", "council", AgencyKind.SOCIAL_CARE, Role.SAFEGUARDING_LEAD, MEMBER),
    Reader("user-7", "housing", AgencyKind.HOUSING, Role.PRACTITIONER, MEMBER),
    Reader("user-8", "youth-club", AgencyKind.VOLUNTARY, Role.VOLUNTEER, MEMBER),
    Reader("", "school", AgencyKind.EDUCATION, Role.TEAM_MANAGER, Relationship.SUPERVISOR),
)


def another_policy() -> Policy:
    """The default policy with one category of every ceiling lower and another higher."""
    document = json.loads(json.dumps(POLICY.document))
    for entry in document["ceilings"]:
        levels = entry["levels"]
        entry["levels"] = str(max(int(levels[0]) - 1, 0)) + levels[1:6] + "3" + levels[7:]
    return parse_policy(document)


def cells_of(rules: Rules, labels: tuple[Label, ...]) -> int:
    """How many cells one case holds for everybody on the roster, under both policies."""
    of_case = sum(len(categories_of(label.categories)) * len(label.subjects) for label in labels)
    asks = sum(len(rules.purposes_of(reader.role)) for reader in READERS)
    return of_case * asks * 2


def measure() -> list[dict[str, Any]]:
    """``cells_per_second``: processor time, the median over repeats, with the interquartile range."""
    facts, ask = a_case()
    rules = Rules(POLICY, another_policy())
    _check(rules, facts, ask.labels)
    cells = cells_of(rules, ask.labels) * CASES
    series = []
    gc.collect()
    for _ in range(REPEATS):
        started = process_time()
        _simulate(rules, facts, ask.labels, CASES)
        series.append(cells / (process_time() - started))
    low, _, high = quantiles(series, n=4)
    return [
        {
            "name": "cells_per_second",
            "value": round(median(series)),
            "unit": "cells/s",
            "goal": GOAL,
            "n": REPEATS * cells,
            "spread": round(high - low),
        }
    ]


def _simulate(rules: Rules, facts: Facts, labels: tuple[Label, ...], cases: int) -> Tally:
    tally = Tally()
    for _ in range(cases):
        indexed = index_facts(facts)
        both: tuple[IndexedFacts, IndexedFacts] = indexed, indexed
        simulate_case(rules, labels, READERS, lambda *_, both=both: both, {}, (NOW, 1_000_000), tally)
    return tally


def _check(rules: Rules, facts: Facts, labels: tuple[Label, ...]) -> None:
    """Everybody is really decided, and something really changes."""
    for reader in READERS:
        for purpose in rules.purposes_of(reader.role):
            assert rules.mask(reader.kind, reader.role, reader.positions(), purpose)
    tally = _simulate(rules, facts, labels, 1)
    assert tally.cases_losing == tally.cases_gaining == 1


if __name__ == "__main__":
    for record in measure():
        print(record)
