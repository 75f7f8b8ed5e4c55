"""Which single fact a level hangs on: found by deciding without it (design 3.2, 5.2 D2). Pure.

For the information officer alone. Several facts may each be decisive (a permission and the release that lifts
its cap), and none is where two bases give the same by themselves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from services.consent.decision.decide import decide
from services.consent.decision.facts import Ask, Facts, Label
from services.consent.decision.policy import Policy
from shared.vocabulary import Level

KINDS = {
    "permission": "permissions",
    "exclusion": "exclusions",
    "override": "overrides",
    "bar": "bars",
    "release": "releases",
    "agreement": "agreements",
}
"""Every kind of fact that somebody recorded, and where it stands in ``Facts``."""

SUSPENSION, TAKING_PART = "suspension", "taking_part"
TAKING_PART_ENDED, BEFORE_TAKING_PART = "taking_part_ended", "before_taking_part"


@dataclass(frozen=True, slots=True)
class Decisive:
    """A fact without which the level would be another. ``id`` is None for what is no single record, and the
    subject where it is that they no longer take part, or were not asked yet."""

    kind: str
    id: str | None
    level_without: Level


def decisive_facts(policy: Policy, facts: Facts, ask: Ask, label: Label) -> tuple[Decisive, ...]:
    """Every fact whose removal by itself changes the level of this label, for this caller."""
    only = replace(ask, labels=(label,))
    level = decide(policy, facts, only).levels[0]
    found = []
    for kind, name in removable(facts, label):
        without_it = decide(policy, without(facts, kind, name), only).levels[0]
        if without_it != level:
            found.append(Decisive(kind, name, without_it))
    return tuple(found)


def removable(facts: Facts, label: Label) -> Iterator[tuple[str, str | None]]:
    """What there is to be removed, leaving out what is about somebody else only."""
    for kind, place in KINDS.items():
        for fact in getattr(facts, place):
            if _concerns(fact, label):
                yield kind, fact.id
    if facts.suspended:
        yield SUSPENSION, None
    if facts.takes_part and label.draft:
        yield TAKING_PART, None
    for subject in label.subjects:
        if subject in facts.subjects and facts.subjects[subject].taking_part_ended:
            yield TAKING_PART_ENDED, subject
        if subject in facts.subjects and facts.subjects[subject].before_taking_part:
            yield BEFORE_TAKING_PART, subject


def _concerns(fact: Any, label: Label) -> bool:
    subjects = getattr(fact, "subjects", None)
    if subjects is None:
        subject = getattr(fact, "subject", None)
        return subject is None or subject in label.subjects
    return not subjects.isdisjoint(label.subjects)


def as_taking_part(facts: Facts, subjects: Iterable[str], **changes: bool) -> Facts:
    """The facts if these people took part; ``changes`` to say in which respect only."""
    what: dict[str, Any] = changes or {"taking_part_ended": False, "before_taking_part": False}
    taking_part = {name: replace(facts.subjects[name], **what) for name in subjects if name in facts.subjects}
    return replace(facts, subjects={**facts.subjects, **taking_part})


def without(facts: Facts, kind: str, id: str | None) -> Facts:
    """The facts less one of them."""
    if kind == SUSPENSION:
        return replace(facts, suspended=False)
    if kind == TAKING_PART:
        return replace(facts, takes_part=False)
    if kind in (TAKING_PART_ENDED, BEFORE_TAKING_PART) and id is not None:
        return as_taking_part(facts, (id,), **{kind: False})
    place = KINDS[kind]
    changed: dict[str, Any] = {place: tuple(fact for fact in getattr(facts, place) if fact.id != id)}
    return replace(facts, **changed)
