"""Receipts that are held back from the person whom they are about."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Hold(Base):
    """Who holds a receipt back, why, and when that is looked at again; ``reviews``: what came of it then.
    The names are those as whom they were signed in; null for what is from before they were kept."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_receipt", "receipt"), Index("ix_holds_agency", "agency"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(36), ForeignKey("receipts.id"))
    agency: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date] = mapped_column(Date())
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    proposed_by: Mapped[str] = mapped_column(String(200))
    proposed_by_name: Mapped[str | None] = mapped_column(String(300))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    confirmed_by_name: Mapped[str | None] = mapped_column(String(300))
    reviews: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ending_reason: Mapped[str | None] = mapped_column(Text)
