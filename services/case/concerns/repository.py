"""SQL for the inbox of concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.case.bundles.repository import SELECTED_ENTRY
from services.case.concerns.tables import Concern
from services.case.entries.repository import as_entry
from services.case.entries.tables import EntryRow
from shared.database import ReadSession, WriteSession, earlier_than
from shared.disclosure import Entry
from shared.idempotency import WriteRequest


@dataclass(frozen=True, slots=True)
class Received:
    """A concern as its recipient has it: the entry, and where it belongs."""

    case: str | None
    sent_at: datetime
    entry: Entry


_COLUMNS: tuple[Any, ...] = (EntryRow.case_id, Concern.sent_at, *SELECTED_ENTRY)


def add_concern(session: WriteSession, request: WriteRequest, entry_id: str, recipient: str) -> None:
    row = {"entry_id": entry_id, "recipient": recipient, "sent_at": request.at, "acknowledged_at": None}
    session.execute(insert(Concern), row)


def received_by(
    session: ReadSession, agency: str, after: tuple[datetime, str] | None, limit: int
) -> list[Received]:
    """What was sent to an agency, newest first, from after (moment, id) on."""
    statement = (
        select(*_COLUMNS)
        .join(EntryRow, EntryRow.id == Concern.entry_id)
        .where(
            Concern.recipient == agency,
            EntryRow.ended_at.is_(None),
            earlier_than((Concern.sent_at, Concern.entry_id), after),
        )
        .order_by(Concern.sent_at.desc(), Concern.entry_id.desc())
        .limit(limit)
    )
    return _received(session.execute(statement).all())


def one_received_by(session: ReadSession, agency: str, id: str) -> Received | None:
    statement = (
        select(*_COLUMNS)
        .join(EntryRow, EntryRow.id == Concern.entry_id)
        .where(Concern.recipient == agency, Concern.entry_id == id, EntryRow.ended_at.is_(None))
    )
    return next(iter(_received(session.execute(statement).all())), None)


def _received(rows: Sequence[Any]) -> list[Received]:
    return [Received(row[0], row[1], as_entry(row[2:])) for row in rows]


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
