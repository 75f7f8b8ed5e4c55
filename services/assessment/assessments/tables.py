"""The tables of assessments. Entries are corrected in place while their older versions are kept apart."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.base import Base
from shared.database import UtcDateTime

OPEN_AMENDMENT = "uq_assessments_open_amendment"
_IS_DRAFT = text("state = 'draft'")


class AssessmentRow(Base):
    """One version of one assessment. ``amends`` is the version that it replaces once it is signed."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'signed', 'superseded')", name="state"),
        # An assessment is amended by one draft at a time.
        Index(OPEN_AMENDMENT, "amends", unique=True, sqlite_where=_IS_DRAFT, postgresql_where=_IS_DRAFT),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), index=True)
    person_id: Mapped[str] = mapped_column(String(36))
    instrument: Mapped[str] = mapped_column(String(64))
    instrument_version: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    amends: Mapped[str | None] = mapped_column(String(36), ForeignKey("assessments.id"))
    # Copies of what the envelope and the review entry say, kept in the transactions that write those.
    started_on: Mapped[date]
    review_on: Mapped[date | None]
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    signed_by: Mapped[str | None] = mapped_column(String(200))
    signature: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int]


class EntryColumns:
    """What an entry and an older version of it both hold."""

    element: Mapped[str | None] = mapped_column(String(64))
    accountable: Mapped[str | None] = mapped_column(String(64))
    categories: Mapped[list[str]] = mapped_column(JSON)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    unanswered: Mapped[bool]
    # What the author answered about the entry, from which its categories follow.
    labelling: Mapped[dict[str, Any]] = mapped_column(JSON)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    corrected_by: Mapped[str | None] = mapped_column(String(200))


class EntryRow(EntryColumns, Base):
    """One entry as it stands."""

    __tablename__ = "entries"
    # In the order in which they are read, so that nothing is sorted (24 of 320 µs for 60 entries).
    __table_args__ = (Index("ix_entries_case_id_recorded_at_id", "case_id", "recorded_at", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    assessment_id: Mapped[str] = mapped_column(String(36), ForeignKey("assessments.id"), index=True)
    case_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(32))
    owner: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(Text)
    author_user: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int]
    copied_from: Mapped[str | None] = mapped_column(String(36))


class EntryVersionRow(EntryColumns, Base):
    """An entry as it stood before a correction. Rows are only ever added."""

    __tablename__ = "entry_versions"

    entry_id: Mapped[str] = mapped_column(String(36), ForeignKey("entries.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime())
    replaced_by: Mapped[str] = mapped_column(String(200))
