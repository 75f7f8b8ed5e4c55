"""Entries: the smallest things that are disclosed or withheld, with their earlier versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime
from shared.vocabulary import Area

AREAS = ", ".join(f"'{area}'" for area in Area if area is not Area.ASSESSMENT)

CLOSURE = text("kind = 'closure'")


class _Content:
    """What a version of an entry says, and who said it when."""

    owner: Mapped[str] = mapped_column(String(64))
    accountable: Mapped[str | None] = mapped_column(String(64))
    categories: Mapped[list[str]] = mapped_column(JSON)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    # When the entry was first recorded, whatever was corrected since: whoever sees its summary sees no more.
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    author: Mapped[str] = mapped_column(String(300))
    author_user: Mapped[str] = mapped_column(String(200))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The agencies of whoever said so, where it matters; NULL: as far as is known, the owner alone.
    recorded_for: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


class EntryRow(_Content, Base):
    """An entry as it stands. ``author_user`` never leaves this service."""

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint(f"area IN ({AREAS})", name="area"),
        CheckConstraint("(area = 'person') = (case_id IS NULL)", name="place"),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "case_id"),
        Index("ix_entries_closures", "recorded_at", sqlite_where=CLOSURE, postgresql_where=CLOSURE),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    area: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class EntryVersion(_Content, Base):
    """An earlier version of an entry. Rows are only ever added."""

    __tablename__ = "entry_versions"

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)


class EntrySubject(Base):
    """Which persons an entry of the area ``person`` is about: how their details are found."""

    __tablename__ = "entry_subjects"
    __table_args__ = (Index(None, "entry_id"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
