"""Break-glass: who broke it, until when it can be renewed, and what somebody else found afterwards."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class BreakGlass(Base):
    """What break-glass has besides what every override has; ``user`` is the one whom it is for."""

    __tablename__ = "break_glass"
    __table_args__ = (Index("ix_break_glass_user", "user"), Index("ix_break_glass_case_id", "case_id"))

    override: Mapped[str] = mapped_column(String(36), ForeignKey("overrides.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    user: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    no_later_than: Mapped[datetime] = mapped_column(UtcDateTime())
    review_due: Mapped[datetime] = mapped_column(UtcDateTime())
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    reviewed_by: Mapped[str | None] = mapped_column(String(200))
    finding: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
