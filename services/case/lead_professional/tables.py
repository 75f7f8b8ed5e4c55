"""Who was asked to lead a case, and who leads it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime

OPEN = text("state = 'nominated'")
ACTIVE = text("until IS NULL")
STATES = "'nominated', 'accepted', 'refused', 'withdrawn', 'objected'"


class Nomination(Base):
    """A member of the team is asked to lead: at most one open nomination in a case.

    ``nominated_by``: the team, or a panel. ``objection``: what a manager of the nominee's agency has against
    it; once it was accepted that changes nothing by itself.
    """

    __tablename__ = "nominations"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint("nominated_by IN ('team', 'panel')", name="nominated_by"),
        Index(None, "case_id"),
        Index(None, "member_id"),
        Index(None, "nominated_at"),
        Index(
            "uq_nominations_open", "case_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    member_id: Mapped[str] = mapped_column(ForeignKey("memberships.id"))
    state: Mapped[str] = mapped_column(String(16))
    nominated_at: Mapped[datetime] = mapped_column(UtcDateTime())
    nominated_by_agency: Mapped[str] = mapped_column(String(64))
    nominated_by_user: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    reason: Mapped[str | None] = mapped_column(Text)
    nominated_by: Mapped[str] = mapped_column(String(16), server_default="team")
    exceeds_cap_because: Mapped[str | None] = mapped_column(Text)
    objected_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    objection: Mapped[str | None] = mapped_column(Text)


class Leadership(Base):
    """The time for which a member leads: at most one that goes on in a case."""

    __tablename__ = "leaderships"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "member_id"),
        Index(
            "uq_leaderships_active", "case_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
        ),
    )  # fmt: skip

    nomination_id: Mapped[str] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    member_id: Mapped[str] = mapped_column(ForeignKey("memberships.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    reason: Mapped[str | None] = mapped_column(String(40))
