"""Bars: absolute stops, each about one person or several."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Bar(Base):
    """A bar as it was recorded; the people whom it is about stand in ``bar_subjects``."""

    __tablename__ = "bars"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(32))
    subjects: Mapped[list[str]] = mapped_column(JSON)
    agencies: Mapped[list[str]] = mapped_column(JSON)
    users: Mapped[list[str]] = mapped_column(JSON)
    everyone_except: Mapped[bool]
    categories: Mapped[list[str]] = mapped_column(JSON)
    legal_reference: Mapped[str] = mapped_column(String(300))
    custodian: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date] = mapped_column(Date())
    reviews: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_by_agency: Mapped[str] = mapped_column(String(64))
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lifted_by: Mapped[str | None] = mapped_column(String(200))
    lifting_reason: Mapped[str | None] = mapped_column(Text)


class BarSubject(Base):
    """Somebody whom a bar is about, by whom every decision finds it."""

    __tablename__ = "bar_subjects"
    __table_args__ = (Index("ix_bar_subjects_subject", "subject"),)

    bar_id: Mapped[str] = mapped_column(String(36), ForeignKey("bars.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
