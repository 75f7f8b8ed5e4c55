"""Who sees that somebody broke the glass, and why (design 3.4). Pure.

The user; those of the user's agency who answer for it; the lead professional; and for an overdue review the
partnership's officers, who then may review it, as may the agency's managers. Never anybody whom a bar keeps
out, nor whom the family excluded by name.
"""

from datetime import datetime
from typing import Any

from services.consent.overrides.audience import ANSWERING
from shared.identity import Caller
from shared.vocabulary import Relationship


def may_see(caller: Caller, relationship: str, row: Any, at: datetime, *, partnership_officer: bool) -> bool:
    """``partnership_officer``: what is overdue goes up to them."""
    if is_own(caller, row):
        return True
    if caller.agency == row.agency and caller.role in ANSWERING:
        return True
    if relationship == Relationship.LEAD:
        return True
    return partnership_officer and is_overdue(row, at)


def is_told_overdue(caller: Caller, row: Any, at: datetime, *, partnership_officer: bool) -> bool:
    """Whether the review was not done in time, or is not done yet, and the caller is one who is told so."""
    answers_for_it = caller.agency == row.agency and caller.role in ANSWERING
    return bool(row.review_due <= at) and (answers_for_it or partnership_officer)


def is_own(caller: Caller, row: Any) -> bool:
    """Whether they did it themselves, or it was done for them."""
    return caller.user in (row.user, row.recorded_by) and bool(caller.agency == row.agency)


def is_overdue(row: Any, at: datetime) -> bool:
    return row.reviewed_at is None and row.review_due <= at
