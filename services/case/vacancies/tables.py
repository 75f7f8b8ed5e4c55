"""Which cases nobody leads."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Vacancy(Base):
    """An open case that nobody leads who can act, and since when. Derived from cases, leaderships and
    absences."""

    __tablename__ = "vacancies"
    __table_args__ = (Index(None, "since", "case_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime())
