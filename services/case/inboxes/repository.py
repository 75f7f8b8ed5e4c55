"""SQL for what was sent to an agency: entries that it finds by themselves, whatever else it knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from services.case.bundles.repository import SELECTED_ENTRY
from services.case.entries.repository import as_entry
from services.case.entries.tables import EntryRow
from shared.database import ReadSession, earlier_than
from shared.disclosure import Entry


@dataclass(frozen=True, slots=True)
class Inbox:
    """Columns of the table that says to which agency an entry was sent, and when; ``listed``: what is still
    on its list."""

    agency: Any
    at: Any
    entry_id: Any
    listed: Any

    def of(self, agency: str) -> Select[Any]:
        return (
            select(EntryRow.case_id, self.at, *SELECTED_ENTRY)
            .join(EntryRow, EntryRow.id == self.entry_id)
            .where(self.agency == agency, EntryRow.ended_at.is_(None))
        )


@dataclass(frozen=True, slots=True)
class Received:
    """An entry as the agency to which it was sent has it, since when, and where it belongs."""

    case: str | None
    at: datetime
    entry: Entry


def received(
    session: ReadSession, inbox: Inbox, agency: str, after: tuple[datetime, str] | None, limit: int
) -> list[Received]:
    """What is on an agency's list, newest first, from after (moment, id) on."""
    statement = (
        inbox.of(agency)
        .where(inbox.listed, earlier_than((inbox.at, inbox.entry_id), after))
        .order_by(inbox.at.desc(), inbox.entry_id.desc())
        .limit(limit)
    )
    return _received(session.execute(statement).all())


def find(session: ReadSession, inbox: Inbox, agency: str, id: str) -> Received | None:
    """One entry that was sent to this agency, on its list or not any more."""
    statement = inbox.of(agency).where(inbox.entry_id == id)
    return next(iter(_received(session.execute(statement).all())), None)


def _received(rows: Sequence[Any]) -> list[Received]:
    return [Received(row[0], row[1], as_entry(row[2:])) for row in rows]
