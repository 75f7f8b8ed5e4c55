"""SQL for concerns: the inbox of whoever got them, and what became of those that somebody sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, true, update

from services.case.concerns.tables import Concern
from services.case.entries.tables import EntryRow
from services.case.inboxes.repository import Inbox
from shared.database import ReadSession, WriteSession, earlier_than
from shared.idempotency import WriteRequest

INBOX = Inbox(Concern.recipient, Concern.sent_at, Concern.entry_id, true())
UNANSWERED = Inbox(Concern.recipient, Concern.sent_at, Concern.entry_id, Concern.acknowledged_at.is_(None))
"""Those of which nobody said yet that they have them."""


def add_concern(session: WriteSession, request: WriteRequest, entry_id: str, recipient: str) -> None:
    row = {"entry_id": entry_id, "recipient": recipient, "sent_at": request.at, "acknowledged_at": None}
    session.execute(insert(Concern), row)


def sent_by(
    session: ReadSession, user: str, agency: str, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Any]:
    """What this user sent for this agency, newest first, from after (moment, id) on."""
    statement = (
        select(Concern.__table__)
        .join(EntryRow, EntryRow.id == Concern.entry_id)
        .where(
            EntryRow.author_user == user,
            EntryRow.owner == agency,
            earlier_than((Concern.sent_at, Concern.entry_id), after),
        )
        .order_by(Concern.sent_at.desc(), Concern.entry_id.desc())
        .limit(limit)
    )
    return session.execute(statement).all()


def acknowledge(session: WriteSession, request: WriteRequest, agency: str, id: str) -> bool | None:
    """Mark a concern as received; None if the agency has none such, false if it was marked before."""
    found = session.execute(
        select(Concern.acknowledged_at)
        .where(Concern.entry_id == id, Concern.recipient == agency)
        .with_for_update()
    ).one_or_none()
    if found is None:
        return None
    if found.acknowledged_at is not None:
        return False
    marked = update(Concern).where(Concern.entry_id == id)
    session.execute(marked.values(acknowledged_at=request.at))
    return True
