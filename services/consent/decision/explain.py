"""Why, for the information officer alone: it discloses who said no (design 3.2, "Three audiences")."""

from dataclasses import dataclass

from services.consent.decision.bases import contributions
from services.consent.decision.decide import decide_indexed, open_reading
from services.consent.decision.facts import Ask, Facts, Label
from services.consent.decision.grid import BIT_OF, categories_of, level_of
from services.consent.decision.index import index_facts
from services.consent.decision.policy import Policy
from services.consent.decision.reading import Reading
from services.consent.decision.verdict import Cell
from shared.vocabulary import Blocker, Category, Level


@dataclass(frozen=True, slots=True)
class Candidate:
    """A basis that speaks for one category of one subject, and the level it gives by itself."""

    basis: str
    category: Category
    subject: str
    level: Level


@dataclass(frozen=True, slots=True)
class Explanation:
    """One label: what it was given, every candidate that gives anything, and what blocked more."""

    label: Label
    cell: Cell
    candidates: tuple[Candidate, ...]

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        return self.cell.blockers


def explain(policy: Policy, facts: Facts, ask: Ask) -> tuple[Explanation, ...]:
    """The derivation of ``decide(policy, facts, ask)``, label by label."""
    indexed = index_facts(facts)
    cells = decide_indexed(policy, indexed, ask).cells
    reading = open_reading(policy, indexed, ask)
    return tuple(
        Explanation(label, cell, () if isinstance(reading, Blocker) else _candidates(reading, label))
        for label, cell in zip(ask.labels, cells, strict=True)
    )


def _candidates(reading: Reading, label: Label) -> tuple[Candidate, ...]:
    if not reading.is_known(label):
        return ()
    return tuple(
        Candidate(part.word, category, found.about.subject.id, level)
        for found in reading.over(label)
        for part in sorted(contributions(reading, label, found), key=lambda part: (part.rank, part.word))
        for category in categories_of(reading.counts_as(label, found))
        if (level := level_of(part.grid, BIT_OF[category])) > Level.NONE
    )
