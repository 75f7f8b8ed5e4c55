"""Agencies of the partnership, and users whose access is suspended."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Agency(Base):
    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(32))
    telephone: Mapped[str | None] = mapped_column(String(300))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Suspension(Base):
    """A user who sees nothing, whatever their token says: acting for ``agency``, or (null) for any.
    ``user_name``: what the officer called them, null where they did not; ``suspended_by_name``: as whom the
    officer was signed in, null for those from before it was kept."""

    __tablename__ = "suspensions"
    __table_args__ = (Index("ix_suspensions_user", "user"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(String(200))
    user_name: Mapped[str | None] = mapped_column(String(300))
    agency: Mapped[str | None] = mapped_column(String(64))
    suspended_at: Mapped[datetime] = mapped_column(UtcDateTime())
    suspended_by: Mapped[str] = mapped_column(String(200))
    suspended_by_name: Mapped[str | None] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(300))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lifted_by: Mapped[str | None] = mapped_column(String(200))
    lifting_reason: Mapped[str | None] = mapped_column(String(300))
