"""What the lead is asked when a family no longer takes part."""

from datetime import datetime

from sqlalchemy import Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class RiskQuestion(Base):
    """Whether anybody is at risk, now that the family no longer takes part: ``consent`` was taken back."""

    __tablename__ = "risk_questions"
    __table_args__ = (Index("ix_risk_questions_case_id", "case_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    consent: Mapped[str] = mapped_column(String(36))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by: Mapped[str | None] = mapped_column(String(200))
    answered_by_agency: Mapped[str | None] = mapped_column(String(64))
    somebody_at_risk: Mapped[bool | None] = mapped_column(Boolean)
    considered: Mapped[str | None] = mapped_column(Text)
