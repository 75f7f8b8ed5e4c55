"""Holding a receipt back from the person whom it is about: who may do what, and when (design 3.4). Pure.

It holds from the moment in which it is proposed, because what would tip somebody off does so at once; and it
lapses unless a second person confirms it, because one person alone must not keep the family from knowing.
For the same reason nobody proposes again what nobody confirmed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WAITS_FOR_A_SECOND_PERSON = 3
"""Days that a proposal holds by itself: a weekend, and a day."""

LONGEST_UNTIL_REVIEW = 183
"""Days."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a hold when somebody wants to do something to it. ``left_by``: whose receipt it is."""

    left_by: str
    proposed_at: datetime
    proposed_by: str
    confirmed: bool
    ended: bool

    def is_in_force(self, at: datetime) -> bool:
        waits = at < lapses_at(self.proposed_at)
        return not self.ended and (self.confirmed or waits)


def lapses_at(proposed_at: datetime) -> datetime:
    """When a proposal that nobody confirmed is over."""
    return proposed_at + timedelta(days=WAITS_FOR_A_SECOND_PERSON)


def unfit_review_day(review_on: date, at: datetime) -> str | None:
    """What is wrong with a day of review, in a sentence; None when it will do."""
    if review_on <= at.date():
        return "Choose a day after today on which somebody looks at this again."
    if review_on > at.date() + timedelta(days=LONGEST_UNTIL_REVIEW):
        return "Look at this again within six months; choose an earlier day."
    return None


def cannot_propose(user: str, proposed_in_vain: Collection[str], told_of: Collection[str]) -> str | None:
    """Why this user cannot propose to hold a receipt back; None when they can.

    ``proposed_in_vain``: who did so before, and nobody confirmed it, whether it lapsed or was ended first.
    ``told_of``: of whom the receipt tells. The first proposal is anybody's: it is urgent, and soon over.
    """
    if user in proposed_in_vain:
        return (
            "You proposed this before, and nobody confirmed it. If it has to be held back, another "
            "safeguarding lead or information officer proposes it now."
        )
    if proposed_in_vain and user in told_of:
        return "Nobody confirmed this before. Somebody of whom the receipt does not tell proposes it now."
    return None


def cannot_confirm(state: State, user: str) -> str | None:
    """Why this user cannot be the second person; None when they can."""
    if user == state.proposed_by:
        return "A second person confirms this; ask another safeguarding lead or information officer."
    if user == state.left_by:
        return "This is a receipt of your own; ask somebody else to confirm that it is held back."
    return None


def cannot_review(state: State, user: str) -> str | None:
    """Why this user cannot say that a hold goes on; None when they can."""
    if user in (state.proposed_by, state.left_by):
        return "Somebody else looks at this again: neither who proposed it nor who left the receipt."
    return None
