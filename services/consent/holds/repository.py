"""SQL for receipts that are held back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from services.consent.holds.lifecycle import WAITS_FOR_A_SECOND_PERSON
from services.consent.holds.tables import Hold
from services.consent.ledger.tables import Receipt
from shared.database import ReadSession, WriteSession, later_than

_SHOWN = (
    Hold.id,
    Hold.receipt,
    Hold.reason,
    Hold.review_on,
    Hold.proposed_at,
    Hold.proposed_by,
    Hold.proposed_by_name,
    Hold.confirmed_at,
    Hold.confirmed_by,
    Hold.confirmed_by_name,
    Hold.reviews,
    Receipt.user.label("left_by"),
)


def holds_back(at: datetime) -> ColumnElement[bool]:
    """Whether a hold is in force at a moment: not ended, and confirmed or still waiting for that."""
    waits = Hold.proposed_at > at - timedelta(days=WAITS_FOR_A_SECOND_PERSON)
    return Hold.ended_at.is_(None) & or_(Hold.confirmed_at.is_not(None), waits)


def receipt_of_agency(session: WriteSession, receipt: str, agency: str) -> Any | None:
    """Who left a receipt, and for whom, if it was this agency; locked, so that of two proposals one sees the
    other."""
    left = _left_by(receipt, agency).with_for_update()
    return session.execute(left).one_or_none()


def left_by(session: ReadSession, receipt: str, agency: str) -> Any | None:
    """Who left a receipt, and for whom, if it was this agency."""
    return session.execute(_left_by(receipt, agency)).one_or_none()


def _left_by(receipt: str, agency: str) -> Select[str, str | None]:
    found = select(Receipt.user, Receipt.on_behalf_of)
    return found.where(Receipt.id == receipt, Receipt.agency == agency)


def hold_in_force(session: ReadSession, receipt: str, at: datetime) -> bool:
    found = select(Hold.id).where(Hold.receipt == receipt, holds_back(at)).limit(1)
    return session.execute(found).one_or_none() is not None


def proposed_in_vain(session: ReadSession, receipt: str) -> set[str]:
    """Who proposed to hold a receipt back, of those whom no second person ever confirmed."""
    found = select(Hold.proposed_by).where(Hold.receipt == receipt, Hold.confirmed_at.is_(None))
    return set(session.scalars(found))


def waiting_among(session: ReadSession, holds: Collection[str], at: datetime) -> set[str]:
    """Of these holds the ones that wait for a second person still."""
    found = select(Hold.id).where(Hold.id.in_(holds), Hold.confirmed_at.is_(None), holds_back(at))
    return set(session.scalars(found)) if holds else set()


def hold_to_change(session: WriteSession, receipt: str, hold: str, agency: str) -> Hold | None:
    """A hold of this agency on this receipt, locked."""
    found = select(Hold).where(Hold.id == hold, Hold.receipt == receipt, Hold.agency == agency)
    return session.execute(found.with_for_update()).scalar_one_or_none()


def holds_of_agency(
    session: ReadSession,
    agency: str,
    at: datetime,
    reviewed_before: date | None,
    after: tuple[date, str] | None,
    limit: int,
    *,
    waiting: bool = False,
) -> Sequence[Any]:
    """An agency's holds in force, the one to be looked at first in front. ``waiting``: those alone that wait
    for a second person."""
    found = select(*_SHOWN).join(Receipt, Receipt.id == Hold.receipt)
    found = found.where(Hold.agency == agency, holds_back(at))
    if reviewed_before is not None:
        found = found.where(Hold.review_on < reviewed_before)
    if waiting:
        found = found.where(Hold.confirmed_at.is_(None))
    found = found.where(later_than((Hold.review_on, Hold.id), after))
    return session.execute(found.order_by(Hold.review_on, Hold.id).limit(limit)).all()


def add_hold(session: WriteSession, **columns: Any) -> None:
    """Store a hold; ``columns`` are those of the table."""
    session.add(Hold(**columns))
