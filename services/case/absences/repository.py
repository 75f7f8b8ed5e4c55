"""All SQL about who cannot act for a while."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true, update

from services.case.absences.tables import Absence
from services.case.deputies.tables import Deputy
from services.case.lead_professional.tables import Leadership
from services.case.team.tables import Membership
from shared.database import ReadSession, WriteSession, insert_unless_there

_absence, _member = Absence.__table__.c, Membership.__table__.c
_lead, _deputy = Leadership.__table__.c, Deputy.__table__.c


def away(user: ColumnElement[str], agency: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether this user cannot act for this agency now."""
    return exists().where(
        _absence.user == user,
        or_(_absence.agency.is_(None), _absence.agency == agency),
        _absence.ended_at.is_(None),
    )


def member_away(member: ColumnElement[str]) -> ColumnElement[bool]:
    """The same of whoever holds this place on a team."""
    return exists().where(_member.id == member, away(_member.user, _member.agency))


def is_led(case: Any) -> ColumnElement[bool]:
    """Whether somebody leads this case who can act."""
    return exists().where(_lead.case_id == case, _lead.until.is_(None), ~member_away(_lead.member_id))


def standing_in(today: Any) -> ColumnElement[bool]:
    """Whether a deputy stands in today and can act."""
    return and_(
        _deputy.ended_at.is_(None),
        _deputy.since <= today,
        _deputy.until > today,
        ~member_away(_deputy.member_id),
    )


def is_stood_in_for(case: Any, today: date) -> ColumnElement[bool]:
    """Whether somebody stands in for the lead of this case today. Nobody does where nobody leads."""
    return exists().where(_deputy.case_id == case, standing_in(today))


def begin(session: WriteSession, occasion: str, user: str, agency: str | None, at: datetime) -> None:
    """Once for each occasion, however often it is said; one that has ended does not begin again."""
    row = {"occasion": occasion, "user": user, "agency": agency, "since": at, "ended_at": None}
    session.execute(insert_unless_there(session, Absence), [row])


def end(session: WriteSession, occasions: Collection[str], user: str, at: datetime) -> None:
    """The same of its end, also where nobody said that it began: what is sent late begins nothing."""
    rows = [{"occasion": one, "user": user, "agency": None, "since": at, "ended_at": at} for one in occasions]
    if rows:
        session.execute(insert_unless_there(session, Absence), rows)
    session.execute(
        update(Absence)
        .where(Absence.occasion.in_(list(occasions)), Absence.ended_at.is_(None))
        .values(ended_at=at)
    )


def cases_worked_on(session: ReadSession, user: str, agency: str | None) -> Sequence[str]:
    """The cases on whose team a user is, for one agency or (None) for any."""
    of_agency = true() if agency is None else Membership.agency == agency
    places = select(Membership.case_id).distinct().where(Membership.user == user, of_agency)
    return session.scalars(places.where(Membership.until.is_(None)).order_by(Membership.case_id)).all()
