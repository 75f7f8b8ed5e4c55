"""SQL about who signed a compact."""

from sqlalchemy import insert, select

from services.case.compact.tables import CompactSignature
from services.case.entries.tables import EntryRow
from shared.database import ReadSession, WriteSession


def has_signed(session: ReadSession, compact: str, party: str, recorder: str) -> bool:
    known = select(CompactSignature.entry_id).where(
        CompactSignature.compact_id == compact,
        CompactSignature.party == party,
        CompactSignature.recorded_by == recorder,
    )
    return session.execute(known).first() is not None


def sign(session: WriteSession, compact: str, party: str, recorder: str, entry: str) -> None:
    row = {"compact_id": compact, "party": party, "recorded_by": recorder, "entry_id": entry}
    session.execute(insert(CompactSignature), row)


def commitments_of(session: ReadSession, case: str, compact: str) -> list[str]:
    """The commitments of one version, by id."""
    rows = session.execute(
        select(EntryRow.id, EntryRow.fields)
        .where(EntryRow.case_id == case, EntryRow.kind == "commitment", EntryRow.ended_at.is_(None))
        .order_by(EntryRow.recorded_at, EntryRow.id)
    )
    return [row.id for row in rows if row.fields["compact"] == compact]
