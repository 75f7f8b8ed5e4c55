"""SQL for agreements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from services.consent.agreements.tables import Agreement
from shared.database import ReadSession, WriteSession

_table = Agreement.__table__.c
AGREEMENTS_FOR = select(
    _table.id,
    _table.owner,
    _table.rows,
    _table.valid_from,
    _table.valid_until,
    _table.ended_at,
    _table.recorded_at,
).where(_table.recipient == bindparam("asked_recipient"), _table.purpose == bindparam("asked_purpose"))
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
    asked = {"asked_recipient": recipient, "asked_purpose": purpose}
    return session.connection().execute(AGREEMENTS_FOR, asked).all()


def agreement_to_end(session: WriteSession, agreement: str) -> Agreement | None:
    return session.get(Agreement, agreement, with_for_update=True)


def add_agreement(session: WriteSession, **columns: Any) -> None:
    """Store an agreement; ``columns`` are those of the table."""
    session.add(Agreement(**columns))
