"""Releases: the information owner's yes, outright or in answer to a sharing request."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Release(Base):
    """``sharing_request`` is the request that it answers, if any."""

    __tablename__ = "releases"
    __table_args__ = (
        Index("ix_releases_subject", "subject"),
        Index("ix_releases_case_id", "case_id"),
        Index("ix_releases_sharing_request", "sharing_request"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    sharing_request: Mapped[str | None] = mapped_column(String(36))
    owner: Mapped[str] = mapped_column(String(64))
    recipient: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(36))
    categories: Mapped[list[str]] = mapped_column(JSON)
    level: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ending_reason: Mapped[str | None] = mapped_column(Text)
