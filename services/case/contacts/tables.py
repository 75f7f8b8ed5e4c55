"""What has happened to the offers of help in a case, in order, and when they are to be tried again. What was
said stands in entries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from services.case.contacts.lifecycle import LIFECYCLE
from shared.database import UtcDateTime

_STATES = ", ".join(f"'{state}'" for state in LIFECYCLE.states)


class ContactEvent(Base):
    """One thing that happened, ``place``-th in its case: a contact, a life event, an offer made once more."""

    __tablename__ = "contact_events"
    __table_args__ = (Index("uq_contact_events_place", "case_id", "place", unique=True),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    place: Mapped[int]
    agency: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class ContactOffer(Base):
    """How the offer of one agency stood after its last contact (``entry_id``, by ``user``)."""

    __tablename__ = "contact_offers"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index(None, "next_attempt_on"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    next_attempt_on: Mapped[date | None] = mapped_column(Date)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"))
    user: Mapped[str] = mapped_column(String(200))
