"""All SQL about worklists over many cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, literal, or_, select, true, union_all

from services.case.cases.tables import Case
from services.case.deputies.tables import Deputy
from services.case.lead_professional.tables import Leadership, Nomination
from services.case.meetings.lifecycle import NEEDS_A_CHAIR
from services.case.meetings.tables import Meeting
from services.case.promises.tables import Promise
from services.case.reviews.tables import ReviewOwner
from services.case.team.tables import Membership
from services.case.vacancies.tables import Vacancy
from shared.database import ReadSession, later_than


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisesQuery:
    """Whose promises: an agency's, or those of one user there; before a day, and from a place on."""

    agency: str
    user: str | None
    before: date | None
    after: tuple[date, str] | None
    limit: int


def promises(session: ReadSession, query: PromisesQuery) -> Sequence[Any]:
    """What somebody owes still, first what is due first."""
    place = (Promise.due_on, Promise.entry_id)
    return session.execute(
        select(Promise.case_id, Promise.kind, *place)
        .where(
            Promise.accountable == query.agency,
            true() if query.user is None else Promise.responsible_user == query.user,
            Promise.open.is_(True),
            true() if query.before is None else Promise.due_on < query.before,
            later_than(place, query.after),
        )
        .order_by(*place)
        .limit(query.limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Gap:
    """What hangs on somebody in a case: ``lead``, ``nomination``, ``deputy``, ``promise``, ``review``, or a
    ``meeting`` of which they are in the chair."""

    case: str
    what: str
    id: str


def gaps(
    session: ReadSession, agency: str, user: str, today: date, after: str | None, limit: int
) -> list[Gap]:
    """What hangs on a user of an agency, or hung on them when they left and is nobody's since, in the next
    cases that have any of it."""
    everything = union_all(
        _led(agency, user), _led_last(agency, user), _asked(agency, user), _standing_in(agency, user, today),
        _promised(agency, user), _reviews(agency, user), _chaired(agency, user),
    ).subquery()  # fmt: skip
    columns = everything.c
    cases = (
        select(columns.case_id)
        .distinct()
        .where(true() if after is None else columns.case_id > after)
        .order_by(columns.case_id)
        .limit(limit)
    )
    rows = session.execute(
        select(columns.case_id, columns.what, columns.id)
        .where(columns.case_id.in_(cases))
        .order_by(columns.case_id, columns.what, columns.id)
    )
    return [Gap(*row) for row in rows]


def _seat(agency: str, user: str) -> Any:
    return and_(Membership.agency == agency, Membership.user == user)


def _led(agency: str, user: str) -> Any:
    return (
        select(Leadership.case_id, literal("lead").label("what"), Leadership.nomination_id.label("id"))
        .join(Membership, Membership.id == Leadership.member_id)
        .join(Case, Case.id == Leadership.case_id)
        .where(_seat(agency, user), Leadership.until.is_(None), Case.state == "open")
    )


def _led_last(agency: str, user: str) -> Any:
    """Cases that nobody leads and that they were the last to lead."""
    later = Leadership.__table__.alias("later")
    followed = exists().where(later.c.case_id == Leadership.case_id, later.c.since >= Leadership.until)
    return (
        select(Leadership.case_id, literal("lead").label("what"), Leadership.nomination_id.label("id"))
        .join(Membership, Membership.id == Leadership.member_id)
        .join(Vacancy, Vacancy.case_id == Leadership.case_id)
        .where(_seat(agency, user), Leadership.until.is_not(None), ~followed)
    )


def _asked(agency: str, user: str) -> Any:
    return (
        select(Nomination.case_id, literal("nomination").label("what"), Nomination.id)
        .join(Membership, Membership.id == Nomination.member_id)
        .where(_seat(agency, user), Nomination.state == "nominated")
    )


def _standing_in(agency: str, user: str, today: date) -> Any:
    return (
        select(Deputy.case_id, literal("deputy").label("what"), Deputy.id)
        .join(Membership, Membership.id == Deputy.member_id)
        .where(
            _seat(agency, user),
            Deputy.until > today,
            or_(Deputy.ended_at.is_(None), Deputy.ended_reason == "left_team"),
        )
    )


def _promised(agency: str, user: str) -> Any:
    return select(Promise.case_id, literal("promise").label("what"), Promise.entry_id.label("id")).where(
        Promise.accountable == agency, Promise.responsible_user == user, Promise.open.is_(True)
    )


def _reviews(agency: str, user: str) -> Any:
    return (
        select(ReviewOwner.case_id, literal("review").label("what"), ReviewOwner.case_id.label("id"))
        .join(Case, Case.id == ReviewOwner.case_id)
        .where(ReviewOwner.agency == agency, ReviewOwner.user == user, Case.state == "open")
    )


def _chaired(agency: str, user: str) -> Any:
    return (
        select(Meeting.case_id, literal("meeting").label("what"), Meeting.entry_id.label("id"))
        .join(Case, Case.id == Meeting.case_id)
        .where(
            Meeting.chair_user == user,
            Meeting.chair_agency == agency,
            Meeting.state.in_(NEEDS_A_CHAIR),
            Case.state == "open",
        )
    )


@dataclass(frozen=True, slots=True)
class Led:
    """A case that somebody leads, and the leadership by which."""

    case: str
    leadership: str


def led_by(session: ReadSession, user: str, agency: str | None) -> list[Led]:
    """The open cases that a user leads, for one agency or (None) for any."""
    rows = session.execute(
        select(Leadership.case_id, Leadership.nomination_id)
        .join(Membership, Membership.id == Leadership.member_id)
        .join(Case, Case.id == Leadership.case_id)
        .where(
            Membership.user == user,
            true() if agency is None else Membership.agency == agency,
            Leadership.until.is_(None),
            Case.state == "open",
        )
        .order_by(Leadership.case_id)
    )
    return [Led(*row) for row in rows]
