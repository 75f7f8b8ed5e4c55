"""Overrides: what is shared without permission, whether by a statutory enquiry or by break-glass."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Override(Base):
    """Until ``confirmed_at``, one with ``confirm_by`` lasts no longer than that. It counts for one case.

    Until ``told_from`` the family reads of nobody who looked because of it; that is looked at again on
    ``telling_review_on``, and ``telling_reviews`` is what came of it before.
    """

    __tablename__ = "overrides"
    __table_args__ = (Index("ix_overrides_case_id", "case_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(16))
    lawful_basis: Mapped[str | None] = mapped_column(String(64))
    reference: Mapped[str | None] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text)
    agencies: Mapped[list[str]] = mapped_column(JSON)
    users: Mapped[list[str]] = mapped_column(JSON)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    level: Mapped[str] = mapped_column(String(16))
    purposes: Mapped[list[str]] = mapped_column(JSON)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime())
    confirm_by: Mapped[datetime | None] = mapped_column(UtcDateTime())
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ending_reason: Mapped[str | None] = mapped_column(String(300))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_by_agency: Mapped[str] = mapped_column(String(64))
    told_from: Mapped[datetime | None] = mapped_column(UtcDateTime())
    telling_review_on: Mapped[date | None] = mapped_column(Date())
    telling_reviews: Mapped[list[dict[str, Any]]] = mapped_column(JSON, server_default="[]")


class OverrideOfUser(Base):
    """Whose own list of cases an override adds its case to."""

    __tablename__ = "overrides_of_users"

    user: Mapped[str] = mapped_column(String(200), primary_key=True)
    override: Mapped[str] = mapped_column(String(36), ForeignKey("overrides.id"), primary_key=True)
