"""Who stands in for the lead professional of a case."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Deputy(Base):
    """Somebody on the team who stands in for the lead professional, for the days ``since`` until ``until``.

    It goes with the leadership that it stands in for. Days are half open, and no two overlap in a case.
    """

    __tablename__ = "deputies"
    __table_args__ = (
        CheckConstraint("since < until", name="days"),
        Index(None, "case_id"),
        Index(None, "member_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    member_id: Mapped[str] = mapped_column(ForeignKey("memberships.id"))
    leadership_id: Mapped[str] = mapped_column(ForeignKey("leaderships.nomination_id"))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_reason: Mapped[str | None] = mapped_column(String(40))
