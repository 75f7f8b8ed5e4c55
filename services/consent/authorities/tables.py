"""Authority to answer for somebody, recorded once: the document, what it covers, from when until when."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Authority(Base):
    """``effect`` ``takes_away``: by a court order the holder's word no longer counts for what it covers."""

    __tablename__ = "authorities"
    __table_args__ = (Index("ix_authorities_subject", "subject"), Index("ix_authorities_case_id", "case_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(32))
    effect: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(36))
    holder: Mapped[str | None] = mapped_column(String(36))
    holder_agency: Mapped[str | None] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(String(300))
    covers: Mapped[list[str]] = mapped_column(JSON)
    verified_by: Mapped[str] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[datetime | None] = mapped_column(UtcDateTime())
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_by_agency: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ending_reason: Mapped[str | None] = mapped_column(String(300))
    ending_reference: Mapped[str | None] = mapped_column(String(300))
