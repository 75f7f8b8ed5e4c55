"""Which flags stand until when. What they say stands in their entries."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Flag(Base):
    """A flag of an agency in a case, raised by ``raised_by``, over when ``ended_at`` is set."""

    __tablename__ = "flags"
    __table_args__ = (Index(None, "case_id"), Index(None, "expires_on"))

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    agency: Mapped[str] = mapped_column(String(64))
    raised_by: Mapped[str] = mapped_column(String(200))
    expires_on: Mapped[date] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
