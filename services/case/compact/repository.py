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


def compacts_of(session: ReadSession, case: str) -> set[str]:
    """The versions that there are, by id, whoever sees them."""
    rows = session.execute(
        select(EntryRow.id).where(
            EntryRow.case_id == case, EntryRow.kind == "compact", EntryRow.ended_at.is_(None)
        )
    )
    return set(rows.scalars())
