"""What was promised in which case, by whom and until when. What it is stands in its entry."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Promise(Base):
    """One promise: an action, a commitment of a compact, or a pledge, which is an action too.

    Kept in the transaction that writes the entry, so that what an agency owes, what falls due and what is
    late is one walk along an index. ``accountable`` is the agency that owes it, and nobody's for a promise of
    the family; ``due_on`` is the last day of all where none was agreed; ``needed_on`` is the day on which
    what it waits for must be there. ``asked`` counts how often somebody asked for news.
    """

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint("asked >= 0", name="asked"),
        Index(None, "case_id"),
        Index(None, "accountable", "open", "due_on", "entry_id"),
        Index(None, "accountable", "responsible_user", "open", "due_on", "entry_id"),
        Index(None, "open", "due_on"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(40))
    accountable: Mapped[str | None] = mapped_column(String(64))
    responsible_user: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))
    open: Mapped[bool]
    due_on: Mapped[date] = mapped_column(Date)
    needed_on: Mapped[date | None] = mapped_column(Date)
    promised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    asked: Mapped[int]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
