"""SQL for agreements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.consent.agreements.tables import Agreement
from shared.database import ReadSession, WriteSession

_COLUMNS = (
    Agreement.id,
    Agreement.owner,
    Agreement.recipient,
    Agreement.purpose,
    Agreement.title,
    Agreement.text,
    Agreement.rows,
    Agreement.valid_from,
    Agreement.valid_until,
    Agreement.ended_at,
    Agreement.recorded_at,
    Agreement.recorded_by_agency,
)


def all_agreements(session: ReadSession) -> Sequence[Any]:
    return session.execute(select(*_COLUMNS).order_by(Agreement.recorded_at, Agreement.id)).all()


def agreements_for(session: ReadSession, recipient: str, purpose: str) -> Sequence[Any]:
    """Every agreement that ever let ``recipient`` see something for ``purpose``."""
    statement = select(
        Agreement.id,
        Agreement.owner,
        Agreement.rows,
        Agreement.valid_from,
        Agreement.valid_until,
        Agreement.ended_at,
    ).where(Agreement.recipient == recipient, Agreement.purpose == purpose)
    return session.execute(statement).all()


def agreement_to_end(session: WriteSession, agreement: str) -> Agreement | None:
    return session.get(Agreement, agreement, with_for_update=True)


def add_agreement(session: WriteSession, **columns: Any) -> None:
    """Store an agreement; ``columns`` are those of the table."""
    session.add(Agreement(**columns))
