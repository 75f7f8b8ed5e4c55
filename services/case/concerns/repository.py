"""SQL for the inbox of concerns."""

from sqlalchemy import insert, select, true, update

from services.case.concerns.tables import Concern
from services.case.inboxes.repository import Inbox
from shared.database import WriteSession
from shared.idempotency import WriteRequest

INBOX = Inbox(Concern.recipient, Concern.sent_at, Concern.entry_id, true())


def add_concern(session: WriteSession, request: WriteRequest, entry_id: str, recipient: str) -> None:
    row = {"entry_id": entry_id, "recipient": recipient, "sent_at": request.at, "acknowledged_at": None}
    session.execute(insert(Concern), row)


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
