"""Signals: several agencies are a little worried about one person. Never which, nor about what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime

OPEN = text("state <> 'closed'")


class Signal(Base):
    """A person whom a panel should look at: at most one open signal each."""

    __tablename__ = "signals"
    __table_args__ = (
        CheckConstraint("state IN ('raised', 'taken_up', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="outcome"),
        Index(None, "raised_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("uq_signals_open", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(16))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    taken_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    taken_up_by: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    outcome: Mapped[str | None] = mapped_column(String(32))
