"""What the decision costs: one realistic case, as one call (design 5.5).

The case: 60 entries that fall into twelve label sets, of five owner agencies and about three people, with six
permissions, one exclusion and one agreement, under the default policy; the lead professional asks.
"""

import gc
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from time import process_time
from typing import Any

from services.consent.decision.decide import decide, decide_indexed
from services.consent.decision.facts import (
    Agency,
    Agreement,
    Ask,
    Bar,
    Exclusion,
    Facts,
    Label,
    Override,
    Permission,
    Subject,
    Window,
)
from services.consent.decision.grid import ALL, grid_at, mask_of
from services.consent.decision.index import index_facts
from services.consent.decision.policy import parse_policy
from services.consent.decision.policy_reading import compile_rows
from services.consent.decision.specification import specify
from shared.vocabulary import AgencyKind, Answer, Level, OverrideKind, Purpose, Relationship, Role

DAY = 24 * 3_600 * 1_000_000
NOW = 20_000 * DAY
ALWAYS = Window(0, None)
UNTIL_NEXT_WEEK = Window(0, NOW + 7 * DAY)
GOAL_US = 5
REPEATS = 30

OWNERS = {
    "school": AgencyKind.EDUCATION,
    "trust": AgencyKind.HEALTH,
    "council": AgencyKind.SOCIAL_CARE,
    "housing": AgencyKind.HOUSING,
    "youth-club": AgencyKind.VOLUNTARY,
}

POLICY = parse_policy(
    json.loads((Path(__file__).parents[1] / "services/consent/policy_data/default-1.json").read_text("utf-8"))
)


def a_case() -> tuple[Facts, Ask]:
    """The facts and the ask described above."""
    return _facts(), _ask()


def _facts() -> Facts:
    everyday = ["family", "learning", "wellbeing", "health", "housing", "contact"]
    answers = [
        ("child", "mother", ("school", "trust")),
        ("child", "father", ("trust", "council")),
        ("mother", "mother", ("school",)),
        ("mother", "mother", ("council",)),
        ("brother", "mother", ("school", "housing")),
        ("brother", "mother", ("trust", "council")),
    ]
    permissions = [
        _permission(f"permission-{place}", person, giver, frozenset(named), mask_of(everyday))
        for place, (person, giver, named) in enumerate(answers)
    ]
    rows = compile_rows(POLICY.columns, {"H": "2O3", "U": "2O3", "S": "1M2", "I": "3O3"})
    return Facts(
        version="facts-1",
        agencies={name: Agency(name, kind) for name, kind in OWNERS.items()},
        suspended=False,
        takes_part=True,
        subjects={
            "child": Subject("child", NOW + 900 * DAY),
            "mother": Subject("mother", 0),
            "brother": Subject("brother", NOW + 2_000 * DAY),
        },
        permissions=tuple(permissions),
        exclusions=(
            Exclusion("exclusion", "mother", frozenset({"housing"}), frozenset(), ALL, None, ALWAYS),
        ),
        agreements=(Agreement("agreement", "trust", "school", Purpose.SUPPORT, rows, UNTIL_NEXT_WEEK),),
    )


def _permission(name: str, person: str, giver: str, named: frozenset[str], mask: int) -> Permission:
    return Permission(
        id=name,
        subject=person,
        giver=giver,
        own=person == giver,
        competent=False,
        authority=ALL,
        answer=Answer.GIVEN,
        recipients=named,
        purposes=frozenset({Purpose.SUPPORT}),
        grid=grid_at(Level.FULL, mask),
        window=UNTIL_NEXT_WEEK,
    )


def _ask() -> Ask:
    labels = (
        Label.of("school", ["learning"], ["child"]),
        Label.of("school", ["behaviour", "wellbeing"], ["child"]),
        Label.of("school", ["identity"], ["child"]),
        Label.of("trust", ["health"], ["child"]),
        Label.of("trust", ["mental_health"], ["mother"]),
        Label.of("trust", ["health", "wellbeing"], ["child", "mother"]),
        Label.of("council", ["safeguarding"], ["child"]),
        Label.of("council", ["family", "parenting"], ["child", "brother"]),
        Label.of("council", ["plan"], ["child"], accountable="school"),
        Label.of("housing", ["housing"], ["mother"]),
        Label.of("housing", ["contact"], ["mother"]),
        Label.of("youth-club", ["community"], ["brother"]),
    )
    return Ask(
        user="user-1",
        agency="school",
        role=Role.PRACTITIONER,
        relationship=Relationship.LEAD,
        purpose=Purpose.SUPPORT,
        at=NOW,
        margin=1_000_000,
        labels=labels,
    )


def measure() -> list[dict[str, Any]]:
    """The figures: processor time of one call, the lowest over the series (whatever else the machine does can
    only add to it), with the interquartile range as spread.

    Before each of them the policy is parsed, the facts are read and the ask with its labels is built.

    ``decide_us_per_case``: the whole case for one caller. Inside: who they are to everybody, what the policy
    says to them, every label of the case. Outside is what is the same for all who ask for that agency and
    purpose (``Party`` in ``index.py``): its answers, agreements and releases, sorted and resolved. So this is
    each further person of an agency in who-can-see and in a simulation.

    ``decide_us_first_of_agency``: the same with nothing outside, not even the sorting of the facts. **This is
    what a single view, and each case of a list, costs**, for nothing is kept from one answer to the next.

    ``decide_us_person_by_person``: ``decide_us_per_case`` in a case in which a bar, an exclusion and an
    override may touch the agency, so that each subject has to be looked at apart.

    ``decide_with_bases_us_per_case``: ``…_first_of_agency`` and the bases and ``valid_until``, all a receipt
    needs. ``decide_explained_us_per_case``: that and every blocker. ``decide_spec_ratio``: the naive twin,
    with bases, over ``…_with_bases…``.
    """
    facts, ask = a_case()
    apart = _with_stops(facts)
    indexed, indexed_apart = index_facts(facts), index_facts(apart)
    assert decide_indexed(POLICY, indexed, ask).levels == specify(POLICY, facts, ask).levels
    assert decide_indexed(POLICY, indexed_apart, ask).levels == specify(POLICY, apart, ask).levels
    runs: dict[str, Callable[[], object]] = {
        "decide_us_per_case": lambda: decide_indexed(POLICY, indexed, ask),
        "decide_us_first_of_agency": lambda: decide(POLICY, facts, ask),
        "decide_us_person_by_person": lambda: decide_indexed(POLICY, indexed_apart, ask),
        "decide_with_bases_us_per_case": lambda: decide(POLICY, facts, ask).cells,
        "decide_explained_us_per_case": lambda: [cell.blockers for cell in decide(POLICY, facts, ask).cells],
    }
    records = [_timed(name, run, 200, 300) for name, run in runs.items()]
    twin = _timed("twin", lambda: specify(POLICY, facts, ask).cells, 5, 60)
    records[0]["goal"] = GOAL_US
    with_bases = records[3]["value"]
    times, spread = round(twin["value"] / with_bases, 1), round(twin["spread"] / with_bases, 1)
    return [*records, twin | {"name": "decide_spec_ratio", "unit": "times", "value": times, "spread": spread}]


def _with_stops(facts: Facts) -> Facts:
    """The facts and a bar, an exclusion and an override, of which two name colleagues of the caller."""
    agencies, users = frozenset({"school"}), frozenset({"user-2"})
    bar = Bar("bar", frozenset({"brother"}), ALL, frozenset(), users, everyone_except=False, window=ALWAYS)
    exclusion = Exclusion("health", "child", agencies, frozenset(), mask_of(["health"]), None, ALWAYS)
    override = Override(
        "override",
        OverrideKind.BREAK_GLASS,
        frozenset(),
        users,
        frozenset({Purpose.SAFEGUARDING}),
        frozenset({"child"}),
        grid_at(Level.FULL, ALL),
        UNTIL_NEXT_WEEK,
    )
    return replace(facts, bars=(bar,), exclusions=(*facts.exclusions, exclusion), overrides=(override,))


def _timed(name: str, run: Callable[[], object], calls: int, repeats: int) -> dict[str, Any]:
    """Microseconds per call: the lowest of so many series of calls."""
    series = []
    gc.collect()
    for _ in range(repeats):
        started = process_time()
        for _ in range(calls):
            run()
        series.append((process_time() - started) / calls * 1e6)
    low, _, high = quantiles(series, n=4)
    return {
        "name": name,
        "value": round(min(series), 2),
        "unit": "us",
        "goal": None,
        "n": repeats * calls,
        "spread": round(high - low, 2),
    }


if __name__ == "__main__":
    for record in measure():
        print(record)
