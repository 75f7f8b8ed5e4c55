"""Sharing requests: one agency asks an information owner to share."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class SharingRequest(Base):
    """``case_id`` and ``subject`` are None where the details that were given fit nobody whom the owner knows.

    Such a request is kept like any other and reaches nobody. ``reaches_owner``: the owner held something
    about the subject when it was asked.
    """

    __tablename__ = "sharing_requests"
    __table_args__ = (
        Index("ix_sharing_requests_case_id", "case_id"),
        Index("ix_sharing_requests_agency", "agency"),
        Index("ix_sharing_requests_owner", "owner"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(String(36))
    subject: Mapped[str | None] = mapped_column(String(36))
    reaches_owner: Mapped[bool]
    agency: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_by_name: Mapped[str] = mapped_column(String(300))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    by_details: Mapped[bool]
    reference: Mapped[str | None] = mapped_column(String(300))
    owner: Mapped[str] = mapped_column(String(64))
    categories: Mapped[list[str]] = mapped_column(JSON)
    level: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(32))
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime())
    reason: Mapped[str] = mapped_column(Text)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime())
    owner_answer: Mapped[str | None] = mapped_column(String(16))
    owner_reason: Mapped[str | None] = mapped_column(Text)
    owner_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    owner_answered_by: Mapped[str | None] = mapped_column(String(200))
