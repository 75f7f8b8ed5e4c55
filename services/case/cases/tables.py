"""Cases, whom they are about, and the lists by which practitioners find theirs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Case(Base):
    """One episode of co-ordinated work. ``review_on`` is the last day of all where none is set.

    ``weight``: how much of its lead's time it takes, from 1 to 5.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("weight BETWEEN 1 AND 5", name="weight"),
        Index(None, "person_id"),
        Index(None, "review_on"),
        Index(None, "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    review_on: Mapped[date] = mapped_column(Date)
    weight: Mapped[int] = mapped_column(server_default="1")


class CaseSubject(Base):
    """Whom a case is about: the main person and others of the household."""

    __tablename__ = "case_subjects"
    __table_args__ = (Index(None, "person_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime())
    added_by_agency: Mapped[str] = mapped_column(String(64))


class CaseloadRow(Base):
    """A case on the list of somebody who works on it: open cases and active members only.

    Derived from cases, memberships and leaderships, so that a page of a list is one walk along an index
    whatever the number of cases (design 5.5).
    """

    __tablename__ = "caseload"
    __table_args__ = (
        Index(None, "agency", "user", "review_on", "case_id"),
        Index(None, "agency", "review_on", "case_id"),
        Index(None, "agency", "has_lead", "review_on", "case_id"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(200), primary_key=True)
    review_on: Mapped[date] = mapped_column(Date)
    has_lead: Mapped[bool]
