"""Where one who may answer for a child gave what another refused or objected to, until it is decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Conflict(Base):
    """``permission`` is the yes; ``refusal`` the no, or ``exclusion`` the "not to these", against it.

    ``scope``: what both name. ``other_case``: where the earlier of the two was recorded, if elsewhere.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        Index("ix_conflicts_case_id", "case_id"),
        Index("ix_conflicts_other_case", "other_case"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    other_case: Mapped[str] = mapped_column(String(36))
    subject: Mapped[str] = mapped_column(String(36))
    permission: Mapped[str] = mapped_column(String(36))
    refusal: Mapped[str | None] = mapped_column(String(36))
    exclusion: Mapped[str | None] = mapped_column(String(36))
    scope: Mapped[dict[str, Any]] = mapped_column(JSON)
    agencies: Mapped[list[str]] = mapped_column(JSON)
    arose_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_by_agency: Mapped[str | None] = mapped_column(String(64))
    upholds: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
