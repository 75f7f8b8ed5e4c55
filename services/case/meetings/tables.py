"""How meetings stand, who is invited and was there, which entries are their papers and which actions were
pledged there. What a meeting is about and decided stands in entries."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from services.case.meetings.lifecycle import INVITATION, MEETING
from shared.database import UtcDateTime

_MEETING_STATES = ", ".join(f"'{state}'" for state in MEETING.states)
_INVITATION_STATES = ", ".join(f"'{state}'" for state in INVITATION.states)
_ONE_OR_THE_OTHER = (
    '(person_id IS NULL AND "user" IS NOT NULL AND name IS NOT NULL AND agency IS NOT NULL '
    "AND role IS NOT NULL) OR "
    '(person_id IS NOT NULL AND "user" IS NULL AND name IS NULL AND agency IS NULL AND role IS NULL)'
)


class Meeting(Base):
    """One meeting; ``chair_user`` of ``chair_agency`` leads it."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint(f"state IN ({_MEETING_STATES})", name="state"),
        Index(None, "case_id", "starts_at"),
        Index(None, "state", "starts_at"),
        Index(None, "chair_user", "chair_agency"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str] = mapped_column(String(16))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    chair_agency: Mapped[str] = mapped_column(String(64))
    chair_user: Mapped[str] = mapped_column(String(200))


class AgendaItem(Base):
    """One item; a confidential one has an attendance of its own. ``invitation_id``: of whom of the family
    it holds what they sent themselves."""

    __tablename__ = "agenda_items"
    __table_args__ = (Index(None, "meeting_id"), Index(None, "invitation_id"))

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.entry_id"))
    confidential: Mapped[bool]
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("meeting_invitations.id"))


class Paper(Base):
    """An entry of the case, of whichever service, that is to be talked about under an item: no copy of it."""

    __tablename__ = "meeting_papers"

    item_id: Mapped[str] = mapped_column(ForeignKey("agenda_items.entry_id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(36), primary_key=True)


class Invitation(Base):
    """Somebody asked to a meeting, and whether they came: in a role for an agency, or, of the family, a
    person and nothing else. ``invited_by``: the agency that asked somebody of the family."""

    __tablename__ = "meeting_invitations"
    __table_args__ = (
        CheckConstraint(f"state IN ({_INVITATION_STATES})", name="state"),
        CheckConstraint(_ONE_OR_THE_OTHER, name="who"),
        Index("uq_meeting_invitations_once", "meeting_id", "agency", "user", unique=True),
        Index("uq_meeting_invitations_of_person", "meeting_id", "person_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.entry_id"))
    user: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str | None] = mapped_column(String(300))
    agency: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str | None] = mapped_column(String(40))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(16))
    invited_by: Mapped[str | None] = mapped_column(String(64))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class PartAttendance(Base):
    """Who was there for a confidential item."""

    __tablename__ = "meeting_part_attendance"

    item_id: Mapped[str] = mapped_column(ForeignKey("agenda_items.entry_id"), primary_key=True)
    invitation_id: Mapped[str] = mapped_column(ForeignKey("meeting_invitations.id"), primary_key=True)


class Pledge(Base):
    """An action of the plan that an agency promised at a meeting. How it stands, the action says."""

    __tablename__ = "meeting_pledges"
    __table_args__ = (Index(None, "meeting_id"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.entry_id"))
