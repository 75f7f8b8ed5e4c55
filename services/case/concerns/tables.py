"""To whom concerns were sent, so that each agency finds its own. What they say stands in their entries."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Concern(Base):
    """One concern in the inbox of its recipient."""

    __tablename__ = "concerns"
    __table_args__ = (Index(None, "recipient", "sent_at", "entry_id"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    recipient: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime())
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
