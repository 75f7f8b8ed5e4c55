"""The facts as they would be if something were otherwise: what-if (design 3.6). Pure; nothing is stored."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from services.consent.decision.decisive import without
from services.consent.decision.everybody import Seat
from services.consent.decision.facts import Exclusion, Facts, Permission, Window
from services.consent.decision.grid import ALL, grid_at, mask_of
from shared.clock import microseconds
from shared.problems import invalid
from shared.records.explanations import (
    Change,
    ClockMoved,
    DraftTried,
    ExclusionAdded,
    ExclusionLifted,
    PermissionAdded,
    PermissionEnded,
    PolicyChanged,
    RoleChanged,
)
from shared.vocabulary import Answer, Level

ALWAYS = Window(0, None)
NO_SUCH_FACT = "There is nothing with this id here that you may see."


@dataclass(frozen=True, slots=True)
class Named:
    """The facts of a case that the asker may name."""

    permissions: Collection[str]
    exclusions: Collection[str]
    subjects: Collection[str]


def check(changes: Sequence[Change], named: Named, roster: Iterable[tuple[str, str]], now: int) -> None:
    """A 422 about the first change that names what the asker may not name, or what cannot be supposed."""
    seated = set(roster)
    for number, change in enumerate(changes):
        where = f"changes.{number}"
        if isinstance(change, PermissionEnded) and change.id not in named.permissions:
            raise invalid(f"{where}.id", NO_SUCH_FACT)
        if isinstance(change, ExclusionLifted) and change.id not in named.exclusions:
            raise invalid(f"{where}.id", NO_SUCH_FACT)
        if isinstance(change, PermissionAdded | ExclusionAdded) and change.subject not in named.subjects:
            raise invalid(f"{where}.subject", "Name somebody whom this case is about.")
        if isinstance(change, RoleChanged) and (change.user, change.agency) not in seated:
            raise invalid(f"{where}.user", "Name somebody who is on the team for this agency.")
        if isinstance(change, ClockMoved) and microseconds(change.to) < now:
            raise invalid(f"{where}.to", "Choose a later moment; ask who could see it for an earlier one.")


def facts_if(facts: Facts, changes: Iterable[Change], now: int) -> Facts:
    """The facts with every change made that is about facts, in their order."""
    for number, change in enumerate(changes):
        if isinstance(change, PermissionEnded):
            facts = without(facts, "permission", change.id)
        elif isinstance(change, ExclusionLifted):
            facts = without(facts, "exclusion", change.id)
        elif isinstance(change, PermissionAdded):
            added = _permission(change, facts, now, number)
            facts = replace(facts, permissions=(*facts.permissions, added))
        elif isinstance(change, ExclusionAdded):
            facts = replace(facts, exclusions=(*facts.exclusions, _exclusion(change, number)))
    return facts


def _permission(change: PermissionAdded, facts: Facts, now: int, number: int) -> Permission:
    """By the person themselves if they decide for themselves now, otherwise by whoever answers for them."""
    subject = facts.subjects.get(change.subject)
    own = subject is None or subject.decides_from is None or subject.decides_from <= now
    return Permission(
        id=f"supposed:{number}",
        subject=change.subject,
        giver=change.subject if own else "supposed",
        own=own,
        competent=False,
        authority=ALL,
        answer=Answer.GIVEN,
        recipients=frozenset(change.agencies),
        purposes=frozenset(change.purposes),
        grid=grid_at(Level.from_word(change.level), mask_of(change.categories)),
        window=ALWAYS,
    )


def _exclusion(change: ExclusionAdded, number: int) -> Exclusion:
    return Exclusion(
        id=f"supposed:{number}",
        subject=change.subject,
        agencies=frozenset(change.agencies),
        users=frozenset(change.users),
        mask=mask_of(change.categories),
        purposes=None if change.purposes is None else frozenset(change.purposes),
        window=ALWAYS,
    )


def seat_if(seat: Seat, changes: Iterable[Change]) -> Seat:
    """The seat with the role that is supposed."""
    for change in changes:
        if isinstance(change, RoleChanged) and (change.user, change.agency) == (seat.user, seat.agency):
            seat = replace(seat, role=change.role.value)
    return seat


def moment_if(changes: Iterable[Change], now: int) -> int:
    """The latest moment to which the clock is moved, or now."""
    return max([now, *(microseconds(change.to) for change in changes if isinstance(change, ClockMoved))])


def policy_if(changes: Iterable[Change]) -> tuple[int, PolicyChanged | DraftTried] | None:
    """The last policy that is supposed, a version or a draft, and its place among the changes."""
    asked = [(number, change) for number, change in enumerate(changes)
             if isinstance(change, PolicyChanged | DraftTried)]  # fmt: skip
    return asked[-1] if asked else None
