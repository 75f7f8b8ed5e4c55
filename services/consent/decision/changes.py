"""What would change a level: single changes tried with ``decide`` one by one (design 3.2). Pure.

For the information officer. Each change is something that somebody could do: say yes, release, lift, join the
team, act in another role or for another purpose. What is tried is listed here; whatever raises the level is
told with the level that it would give. Nothing is told that ``decide`` did not say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from services.consent.decision.decide import decide
from services.consent.decision.decisive import as_taking_part, without
from services.consent.decision.facts import Ask, Facts, Label, Permission, Release, Window
from services.consent.decision.grid import ALL, EVERYTHING
from services.consent.decision.policy import Policy
from services.consent.decision.reach import bars, excludes
from shared.vocabulary import Answer, Level, Relationship, Role

ALWAYS = Window(0, None)
WORKING_ROLES = (
    Role.PRACTITIONER,
    Role.SAFEGUARDING_LEAD,
    Role.TEAM_MANAGER,
    Role.COORDINATOR,
    Role.PANEL_MEMBER,
)
"""Roles that somebody of an agency may be given for work with a family."""

TEAM_RELATIONSHIPS = (Relationship.MEMBER, Relationship.LEAD)


class Change(StrEnum):
    """What could be done. ``detail`` of ``WouldChange`` names the subjects, the fact or the word."""

    PERMISSION = "permission"
    OWN_PERMISSION = "own_permission"
    RELEASE = "release"
    BOTH_KEYS = "both_keys"
    EXCLUSION_LIFTED = "exclusion_lifted"
    BAR_LIFTED = "bar_lifted"
    SUSPENSION_ENDED = "suspension_ended"
    QUESTION_ANSWERED = "question_answered"
    TAKING_PART = "taking_part"
    JOINING_THE_TEAM = "joining_the_team"
    OTHER_ROLE = "other_role"
    OTHER_PURPOSE = "other_purpose"


@dataclass(frozen=True, slots=True)
class Possible:
    """One change with the world in which it has been made."""

    change: Change
    detail: tuple[str, ...]
    facts: Facts
    ask: Ask


@dataclass(frozen=True, slots=True)
class WouldChange:
    """A change that raises the level, and to what."""

    change: Change
    detail: tuple[str, ...]
    level: Level


def what_would_change(policy: Policy, facts: Facts, ask: Ask, label: Label) -> tuple[WouldChange, ...]:
    """Every change tried that by itself would show more of this label to this caller.

    The two keys together are told only where neither opens anything alone.
    """
    only = replace(ask, labels=(label,))
    level = decide(policy, facts, only).levels[0]
    found: list[WouldChange] = []
    for possible in possible_changes(policy, facts, only):
        if possible.change is Change.BOTH_KEYS and any(_is_a_key(told.change) for told in found):
            continue
        raised = decide(policy, possible.facts, possible.ask).levels[0]
        if raised > level:
            found.append(WouldChange(possible.change, possible.detail, raised))
    return tuple(found)


def possible_changes(policy: Policy, facts: Facts, ask: Ask) -> Iterator[Possible]:
    """The changes that can be tried about an ask with one label, the gentlest first."""
    label = ask.labels[0]
    yield from _keys(facts, ask, label)
    for exclusion in facts.exclusions:
        if exclusion.subject in label.subjects and excludes(exclusion, ask):
            lifted = without(facts, "exclusion", exclusion.id)
            yield Possible(Change.EXCLUSION_LIFTED, (exclusion.id,), lifted, ask)
    if label.unanswered:
        answered = replace(ask, labels=(replace(label, unanswered=False),))
        yield Possible(Change.QUESTION_ANSWERED, (), facts, answered)
    if _does_not_take_part(facts, label):
        again = as_taking_part(replace(facts, takes_part=True), label.subjects)
        yield Possible(Change.TAKING_PART, (), again, ask)
    yield from _of_caller(policy, facts, ask)
    for bar in facts.bars:
        if not bar.subjects.isdisjoint(label.subjects) and bars(bar, ask):
            yield Possible(Change.BAR_LIFTED, (bar.id,), without(facts, "bar", bar.id), ask)
    if facts.suspended:
        yield Possible(Change.SUSPENSION_ENDED, (), replace(facts, suspended=False), ask)


def _does_not_take_part(facts: Facts, label: Label) -> bool:
    subjects = [facts.subjects[name] for name in label.subjects if name in facts.subjects]
    not_now = any(subject.taking_part_ended or subject.before_taking_part for subject in subjects)
    return not_now or (label.draft and not facts.takes_part)


def _keys(facts: Facts, ask: Ask, label: Label) -> Iterator[Possible]:
    """The family's yes and the owner's, about everybody whom the entry is about."""
    released = _with_release(facts, ask, label)
    for change, own in ((Change.PERMISSION, False), (Change.OWN_PERMISSION, True)):
        yield Possible(change, label.subjects, _with_permission(facts, ask, label, own), ask)
    yield Possible(Change.RELEASE, (label.owner,), released, ask)
    for own in (False, True):
        both = _with_permission(released, ask, label, own)
        yield Possible(Change.BOTH_KEYS, (label.owner, *label.subjects), both, ask)


def _is_a_key(change: Change) -> bool:
    return change in (Change.PERMISSION, Change.OWN_PERMISSION, Change.RELEASE, Change.BOTH_KEYS)


def _with_permission(facts: Facts, ask: Ask, label: Label, own: bool) -> Facts:
    """Everybody whom it is about gave permission, and nobody's no stands against it.

    ``own``: they decide for themselves; otherwise whoever answers for them does.
    """
    standing = tuple(
        answer
        for answer in facts.permissions
        if answer.answer != Answer.REFUSED or not _is_about(answer, ask, label)
    )
    given = tuple(_permission(ask, subject, own) for subject in label.subjects)
    return replace(facts, permissions=standing + given)


def _is_about(answer: Permission, ask: Ask, label: Label) -> bool:
    return (
        answer.subject in label.subjects
        and ask.agency in answer.recipients
        and ask.purpose in answer.purposes
    )


def _permission(ask: Ask, subject: str, own: bool) -> Permission:
    return Permission(
        id=f"tried:{subject}",
        subject=subject,
        giver=subject if own else "tried:giver",
        own=own,
        competent=own,
        authority=ALL,
        answer=Answer.GIVEN,
        recipients=frozenset({ask.agency}),
        purposes=frozenset({ask.purpose}),
        grid=EVERYTHING,
        window=ALWAYS,
    )


def _with_release(facts: Facts, ask: Ask, label: Label) -> Facts:
    releases = tuple(
        Release(f"tried:{subject}", label.owner, ask.agency, ask.purpose, subject, EVERYTHING, ALWAYS)
        for subject in label.subjects
    )
    return replace(facts, releases=facts.releases + releases)


def _of_caller(policy: Policy, facts: Facts, ask: Ask) -> Iterator[Possible]:
    """Another place on the team, role or purpose of the caller; one thing at a time."""
    if ask.relationship not in TEAM_RELATIONSHIPS and not ask.relationships_by_subject:
        joined = replace(ask, relationship=Relationship.MEMBER)
        yield Possible(Change.JOINING_THE_TEAM, (Relationship.MEMBER.value,), facts, joined)
    for role in WORKING_ROLES:
        if role != ask.role and ask.purpose in policy.purposes[role]:
            yield Possible(Change.OTHER_ROLE, (role.value,), facts, replace(ask, role=role))
    for purpose in policy.purposes.get(ask.role, ()):
        if purpose != ask.purpose:
            changed: dict[str, Any] = {"purpose": purpose}
            yield Possible(Change.OTHER_PURPOSE, (str(purpose),), facts, replace(ask, **changed))
