"""Which agency was asked in which case, until when it is to answer, and how that stands. What was asked and
answered stands in entries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from services.case.referrals.lifecycle import LIFECYCLE
from shared.database import UtcDateTime

_STATES = ", ".join(f"'{state}'" for state in LIFECYCLE.states)

WAITS = text("answered_at IS NULL")


class Referral(Base):
    """One referral in the inbox of the agency that was asked. ``by_user`` asked, for ``by_agency``."""

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index(None, "case_id"),
        Index(None, "agency", "asked_at", "entry_id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index(None, "state", "answer_by"),
        Index(None, "asked_at"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    agency: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    by_agency: Mapped[str] = mapped_column(String(64))
    by_user: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answer_by: Mapped[date] = mapped_column(Date)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
