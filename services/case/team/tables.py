"""Who works on a case, from when until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime

ACTIVE = text("until IS NULL")


class Membership(Base):
    """One stay of a user on a team, for one agency."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "user", "agency"),
        Index(
            "uq_memberships_active",
            "case_id", "agency", "user",
            unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    user: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    agency: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(40))
    job_title: Mapped[str] = mapped_column(String(300))
    telephone: Mapped[str | None] = mapped_column(String(60))
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_reason: Mapped[str | None] = mapped_column(Text)
    ended_by_user: Mapped[str | None] = mapped_column(String(200))
