"""Which agency noticed something about whom, when. What it was stands in the entries."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class SmallConcern(Base):
    """One small concern, for counting agencies by the day on which they noticed something."""

    __tablename__ = "small_concerns"
    __table_args__ = (Index(None, "person_id", "noticed_on"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    agency: Mapped[str] = mapped_column(String(64))
    noticed_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
