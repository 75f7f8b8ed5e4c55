"""Exclusions: "not to be shared with …"."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Exclusion(Base):
    """``capacity``, ``under``, ``incapacity``: in what capacity it was asked for, under which authority, and
    why somebody else decided; of one that is older nothing is known, and it counts as a parent's."""

    __tablename__ = "exclusions"
    __table_args__ = (Index("ix_exclusions_subject", "subject"), Index("ix_exclusions_case_id", "case_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    subject: Mapped[str] = mapped_column(String(36))
    giver: Mapped[str] = mapped_column(String(36))
    capacity: Mapped[str | None] = mapped_column(String(64))
    under: Mapped[str | None] = mapped_column(String(36))
    incapacity: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    agencies: Mapped[list[str]] = mapped_column(JSON)
    users: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    purposes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[datetime | None] = mapped_column(UtcDateTime())
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_by_agency: Mapped[str] = mapped_column(String(64))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lifting: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
