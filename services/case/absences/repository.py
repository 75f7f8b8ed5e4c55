"""All SQL about who cannot act for a while."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, true, update

from services.case.absences.tables import Absence, RoleShownNothing
from services.case.cases.tables import Case
from services.case.deputies.tables import Deputy
from services.case.lead_professional.tables import Leadership
from services.case.team.tables import Membership
from shared.database import ReadSession, WriteSession, insert_unless_there
from shared.ids import new_id

_absence, _member = Absence.__table__.c, Membership.__table__.c
_lead, _deputy = Leadership.__table__.c, Deputy.__table__.c
_blind = RoleShownNothing.__table__.c


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


def shown_nothing(agency: ColumnElement[str], role: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether whoever leads in this role for this agency is shown nothing now."""
    return exists().where(_blind.agency == agency, _blind.role == role, _blind.in_force.is_(True))


def is_led(case: Any) -> ColumnElement[bool]:
    """Whether somebody leads this case who can act: is not stopped, and is shown something."""
    cannot_act = exists().where(
        _member.id == _lead.member_id,
        or_(away(_member.user, _member.agency), shown_nothing(_member.agency, _member.role)),
    )
    return exists().where(_lead.case_id == case, _lead.until.is_(None), ~cannot_act)


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


@dataclass(frozen=True, slots=True)
class BlindRole:
    """A role of an agency in which a lead is shown nothing, from a moment on."""

    agency: str
    role: str
    since: datetime


def keep_roles(session: WriteSession, roles: Collection[tuple[str, str]], since: datetime) -> None:
    """From this moment on it is these roles (agency and role) in which a lead is shown nothing, and no
    others, whatever was said of the time after it before."""
    lasts = or_(_blind.until.is_(None), _blind.until > since)
    session.execute(update(RoleShownNothing).where(_blind.since < since, lasts).values(until=since))
    session.execute(update(RoleShownNothing).where(_blind.since >= since).values(until=_blind.since))
    rows = [
        {"id": new_id(), "agency": agency, "role": role, "since": since, "until": None, "in_force": False}
        for agency, role in sorted(roles)
    ]
    if rows:
        session.execute(insert(RoleShownNothing), rows)


def turn(session: WriteSession, at: datetime) -> tuple[list[BlindRole], list[BlindRole]]:
    """Say of the roles whose time has begun that it has, and of those whose time is over that it is; which
    these are."""
    begun = and_(
        _blind.in_force.is_(False),
        _blind.since <= at,
        or_(_blind.until.is_(None), _blind.until > at),
    )
    over = and_(_blind.in_force.is_(True), _blind.until <= at)
    turned = []
    for which, in_force in ((over, False), (begun, True)):
        rows = session.execute(select(_blind.id, _blind.agency, _blind.role, _blind.since).where(which)).all()
        ids = [row.id for row in rows]
        if ids:
            session.execute(update(RoleShownNothing).where(_blind.id.in_(ids)).values(in_force=in_force))
        turned.append([BlindRole(row.agency, row.role, row.since) for row in rows])
    ended, started = turned
    return started, ended


def led_in(session: ReadSession, role: BlindRole) -> Sequence[str]:
    """The open cases that somebody leads in this role for this agency."""
    return session.scalars(
        select(Leadership.case_id)
        .join(Membership, Membership.id == Leadership.member_id)
        .join(Case, Case.id == Leadership.case_id)
        .where(
            Leadership.until.is_(None),
            Membership.agency == role.agency,
            Membership.role == role.role,
            Case.state == "open",
        )
        .order_by(Leadership.case_id)
    ).all()
