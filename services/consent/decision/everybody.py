"""The same facts as several people see them: who-can-see and what-if (design 3.6). Pure.

Facts are indexed once. Whether a user is suspended is a fact about each seat, not about the case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.consent.decision.decide import decide_indexed
from services.consent.decision.facts import Ask, Facts, Label
from services.consent.decision.index import IndexedFacts, index_facts
from services.consent.decision.policy import Policy
from services.consent.decision.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody as they would ask about the case: who, in which role and relationship, for what purpose."""

    user: str
    agency: str
    role: str
    relationship: str
    purpose: str
    suspended: bool = False


def ask_of(seat: Seat, labels: tuple[Label, ...], at: int, margin: int) -> Ask:
    """The ask that this seat would make about these labels."""
    return Ask(seat.user, seat.agency, seat.role, seat.relationship, seat.purpose, at, margin, labels)


def decide_everybody(
    policy: Policy, facts: Facts, seats: Sequence[Seat], labels: tuple[Label, ...], at: int, margin: int
) -> list[Verdict]:
    """The verdict on the same labels for each seat, exactly as ``decide`` gives it to that caller."""
    return list(verdicts(policy, index_facts(facts), seats, labels, at, margin))


def verdicts(
    policy: Policy,
    indexed: IndexedFacts,
    seats: Sequence[Seat],
    labels: tuple[Label, ...],
    at: int,
    margin: int,
) -> Iterator[Verdict]:
    """``decide_everybody`` on facts that were indexed before."""
    by_suspension = {
        suspended: indexed
        if indexed.facts.suspended == suspended
        else replace(indexed, facts=replace(indexed.facts, suspended=suspended))
        for suspended in (False, True)
    }
    for seat in seats:
        yield decide_indexed(policy, by_suspension[seat.suspended], ask_of(seat, labels, at, margin))
