"""Messages to agencies that saw something because of a permission which has ended."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Message(Base):
    """To one agency, about one permission. ``users`` are those of its people who saw something under it;
    ``held_back``: why it was not sent, and then ``sent_at`` is empty."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_recipient", "recipient"), Index("ix_messages_consent", "consent"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    consent: Mapped[str] = mapped_column(String(36))
    subject: Mapped[str] = mapped_column(String(36))
    recipient: Mapped[str] = mapped_column(String(64))
    users: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    held_back: Mapped[str | None] = mapped_column(String(32))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by: Mapped[str | None] = mapped_column(String(200))
    keeps: Mapped[bool | None] = mapped_column(Boolean)
    kept: Mapped[str | None] = mapped_column(Text)
    why: Mapped[str | None] = mapped_column(Text)
