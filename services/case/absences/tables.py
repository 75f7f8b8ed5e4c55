"""Who cannot act for a while, as far as somebody might wait for them."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Absence(Base):
    """A time for which a user does not act: for one agency or (null) for any. ``occasion`` says which time,
    and never why."""

    __tablename__ = "absences"
    __table_args__ = (Index(None, "user"),)

    occasion: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str | None] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
