"""SQL about levels of need."""

from sqlalchemy import select

from services.case.entries.tables import EntryRow
from shared.database import ReadSession
from shared.records.need_levels import Need


def levels_now(session: ReadSession, case: str) -> list[Need]:
    """The level that was recorded last of each person of a case of whom one was."""
    rows = session.execute(
        select(EntryRow.subjects, EntryRow.fields)
        .where(EntryRow.case_id == case, EntryRow.kind == "need_level", EntryRow.ended_at.is_(None))
        .order_by(EntryRow.recorded_at, EntryRow.id)
    )
    newest = {person: Need(row.fields["level"]) for row in rows for person in row.subjects}
    return list(newest.values())
