"""SQL for break-glass."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, or_, select

from services.consent.break_glass.tables import BreakGlass
from services.consent.ledger.receipts import MENTIONS_CASE
from services.consent.ledger.tables import Mention, Receipt
from services.consent.overrides.tables import Override
from shared.database import ReadSession, WriteSession
from shared.vocabulary import Deed, LedgerAction


def has_review_outstanding(session: ReadSession, user: str, cases: Collection[str], at: datetime) -> bool:
    """Whether a review of this user's is overdue, or all hours for one of these cases are used unreviewed."""
    used_up = and_(BreakGlass.case_id.in_(cases), BreakGlass.no_later_than <= at)
    statement = select(BreakGlass.override).where(
        BreakGlass.user == user,
        BreakGlass.reviewed_at.is_(None),
        or_(BreakGlass.review_due <= at, used_up),
    )
    return session.execute(statement.limit(1)).first() is not None


def opened_by(session: ReadSession, user: str, case: str) -> Sequence[Any]:
    """What a user opened of a case, for whatever agency they acted, with when it ends."""
    statement = (
        select(BreakGlass.agency, BreakGlass.no_later_than, Override.valid_until, Override.ended_at)
        .join(Override, Override.id == BreakGlass.override)
        .where(BreakGlass.user == user, BreakGlass.case_id == case)
    )
    return session.execute(statement).all()


def break_glass_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    details = [column for column in BreakGlass.__table__.c if column.key not in ("case_id", "override")]
    statement = (
        select(
            *details,
            Override.id,
            Override.reason,
            Override.subjects,
            Override.valid_until,
            Override.ended_at,
            Override.recorded_by,
        )
        .join(Override, Override.id == BreakGlass.override)
        .where(BreakGlass.case_id == case)
        .order_by(BreakGlass.opened_at, Override.id)
    )
    return session.execute(statement).all()


def names_of_openers(session: ReadSession, case: str) -> dict[tuple[str, str], str]:
    """By user and agency the name with which somebody broke the glass for a case, from the receipt of it."""
    statement = (
        select(Receipt.user, Receipt.agency, Receipt.user_name)
        .join(Mention, Mention.receipt == Receipt.id)
        .where(
            Mention.kind == MENTIONS_CASE,
            Mention.target == case,
            Receipt.action == LedgerAction.CONTRIBUTE,
            Receipt.deed == Deed.BREAK_GLASS,
        )
        .order_by(Receipt.at, Receipt.id)
    )
    return {(row.user, row.agency): row.user_name for row in session.execute(statement)}


def add_break_glass(session: WriteSession, **columns: Any) -> None:
    """Store what break-glass has besides its override; ``columns`` are those of the table."""
    session.connection().execute(insert(BreakGlass), columns)


def to_change(session: WriteSession, case: str, override: str) -> tuple[BreakGlass, Override] | None:
    """A break-glass with its override, locked until the transaction ends."""
    statement = (
        select(BreakGlass, Override)
        .join(Override, Override.id == BreakGlass.override)
        .where(BreakGlass.override == override, BreakGlass.case_id == case)
    )
    found = session.execute(statement.with_for_update()).one_or_none()
    return None if found is None else (found[0], found[1])
