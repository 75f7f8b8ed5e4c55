"""Codes by which somebody of a family comes in, and the visits that began with them."""

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class FamilyCode(Base):
    """Only digests are kept: who reads the table comes in by nothing that stands in it. ``people``: everybody
    of the case when it was made, for what keeps a code from working."""

    __tablename__ = "family_codes"
    __table_args__ = (
        Index("ix_family_codes_code", "code", unique=True),
        Index("ix_family_codes_visit", "visit", unique=True),
        Index("ix_family_codes_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    person: Mapped[str] = mapped_column(String(36))
    people: Mapped[list[str]] = mapped_column(JSON)
    agency: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_agency: Mapped[str] = mapped_column(String(64))
    good_until: Mapped[datetime] = mapped_column(UtcDateTime())
    visit: Mapped[str | None] = mapped_column(String(64))
    visit_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
