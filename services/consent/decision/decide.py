"""The decision (design 3.2): pure, total, and the only place that says what may be seen.

``specification.py`` says the same naively and slowly; property D1 holds the two together.
"""

from services.consent.decision.details import find_details
from services.consent.decision.facts import Ask, Facts, Label
from services.consent.decision.grid import ALL, NOTHING, every_level, level_of
from services.consent.decision.index import IndexedFacts, index_facts
from services.consent.decision.labels import grid_for
from services.consent.decision.policy import Policy
from services.consent.decision.reach import Reach, reach
from services.consent.decision.verdict import Verdict
from shared.vocabulary import Blocker, Level


def decide(policy: Policy, facts: Facts, ask: Ask) -> Verdict:
    """The verdict on one ask: a level per label, with bases and blockers on demand.

    Never raises, reads no clock and does no I/O. Anything unknown, missing or expired gives ``none``.
    """
    return decide_indexed(policy, index_facts(facts), ask)


def decide_indexed(policy: Policy, indexed: IndexedFacts, ask: Ask) -> Verdict:
    """``decide`` on facts that were indexed before (``index.py``)."""
    refusal = refused_outright(policy, indexed, ask)
    if refusal is None:
        reached = _reached(policy, indexed, ask)
        levels = tuple([_level(label, reached, indexed, ask) for label in ask.labels])
    else:
        reached = {}
        levels = (Level.NONE,) * len(ask.labels)
    return Verdict(
        levels,
        policy.version,
        indexed.facts.version,
        policy.obligations.get(ask.purpose, ()) if any(levels) else (),
        lambda: find_details(indexed, ask, reached, levels, refusal),
    )


def refused_outright(policy: Policy, indexed: IndexedFacts, ask: Ask) -> Blocker | None:
    """Why this caller is shown nothing whatever the label, if so."""
    if indexed.facts.suspended:
        return Blocker.SUSPENDED
    agency = indexed.facts.agencies.get(ask.agency)
    purposes = policy.purposes.get(ask.role)
    if agency is None or agency.kind is None or purposes is None:
        return Blocker.UNKNOWN
    return None if ask.purpose in purposes else Blocker.PURPOSE


def _reached(policy: Policy, indexed: IndexedFacts, ask: Ask) -> dict[str, Reach | None]:
    """What the caller reaches of each subject the labels are about; None for a subject nobody knows."""
    kind = indexed.facts.agencies[ask.agency].kind
    assert kind is not None, "refused outright before"
    reached: dict[str, Reach | None] = {}
    for label in ask.labels:
        for subject in label.subjects:
            if subject not in reached:
                about = indexed.about.get(subject)
                reached[subject] = None if about is None else reach(about, policy, kind, ask)
    return reached


def _level(label: Label, reached: dict[str, Reach | None], indexed: IndexedFacts, ask: Ask) -> Level:
    """The lowest level over the label's categories and subjects; with none of either, ``none``."""
    if not label.subjects or label.owner not in indexed.facts.agencies:
        return Level.NONE
    grid = every_level(ALL)
    for subject in label.subjects:
        found = reached[subject]
        grid &= NOTHING if found is None else grid_for(label, found, indexed, ask)
    return level_of(grid, label.categories)
