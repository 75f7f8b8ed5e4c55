"""All SQL about teams."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, insert, or_, select, update

from services.case.absences.repository import away, shown_nothing
from services.case.cases.relationship import Place
from services.case.cases.tables import Case
from services.case.deputies.tables import Deputy
from services.case.lead_professional.tables import Leadership
from services.case.team.tables import Membership
from shared.database import ReadSession, WriteSession, among
from shared.idempotency import WriteRequest
from shared.ids import new_id
from shared.vocabulary import DOES_CASEWORK


@dataclass(frozen=True, slots=True)
class NewMember:
    user: str
    name: str
    agency: str
    role: str
    job_title: str
    telephone: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A stay on the team of a case, over when ``until`` is set."""

    id: str
    case: str
    user: str
    agency: str
    role: str
    until: datetime | None
    away: bool

    @property
    def can_act(self) -> bool:
        """Whether they are on the team, do casework there, and can act now."""
        return self.until is None and not self.away and self.role in DOES_CASEWORK


_MEMBER = (
    Membership.id, Membership.case_id, Membership.user, Membership.agency, Membership.role, Membership.until,
    away(Membership.__table__.c.user, Membership.__table__.c.agency),
)  # fmt: skip
_member, _case, _led, _deputy = (t.__table__.c for t in (Membership, Case, Leadership, Deputy))
_PLACES = (
    select(
        _member.case_id, _member.user, _member.agency, _member.role, _led.member_id, _deputy.id,
        or_(
            away(_member.user, _member.agency),
            and_(_led.member_id.is_not(None), shown_nothing(_member.agency, _member.role)),
        ),
    )
    .join(Case, and_(_case.id == _member.case_id, _case.state == "open"))
    .outerjoin(Leadership, and_(_led.member_id == _member.id, _led.until.is_(None)))
    .outerjoin(
        Deputy,
        and_(
            _deputy.member_id == _member.id,
            _deputy.ended_at.is_(None),
            _deputy.since <= bindparam("today"),
            _deputy.until > bindparam("today"),
        ),
    )
    .where(among(_member.case_id, "cases"), _member.until.is_(None))
    .order_by(_member.since, _member.id)
)  # fmt: skip


def add_member(session: WriteSession, request: WriteRequest, case: str, member: NewMember) -> str:
    member_id = new_id()
    session.execute(
        insert(Membership),
        {
            "id": member_id,
            "case_id": case,
            "user": member.user,
            "name": member.name,
            "agency": member.agency,
            "role": member.role,
            "job_title": member.job_title,
            "telephone": member.telephone,
            "since": request.at,
            "until": None,
            "ended_reason": None,
            "ended_by_user": None,
        },
    )
    return member_id


def is_active(session: ReadSession, case: str, user: str, agency: str) -> bool:
    active = select(Membership.id).where(
        Membership.case_id == case,
        Membership.user == user,
        Membership.agency == agency,
        Membership.until.is_(None),
    )
    return session.execute(active).first() is not None


def others_ever(session: ReadSession, case: str, user: str) -> bool:
    """Whether anybody but this user is or was on the team, for whichever agency."""
    others = select(Membership.id).where(Membership.case_id == case, Membership.user != user)
    return session.execute(others.limit(1)).first() is not None


def find_member(session: ReadSession, case: str, member: str) -> Member | None:
    row = session.execute(
        select(*_MEMBER).where(Membership.id == member, Membership.case_id == case)
    ).one_or_none()
    return None if row is None else Member(*row)


def members_who_can_act(session: ReadSession, case: str) -> list[str]:
    """The places of those on the team of a case who do casework and can act now."""
    rows = session.execute(select(*_MEMBER).where(Membership.case_id == case).order_by(Membership.id))
    return [member.id for member in (Member(*row) for row in rows) if member.can_act]


def active_memberships(session: ReadSession, user: str, agency: str) -> list[Member]:
    """Every place that a user holds on a team for an agency, in the order of cases."""
    rows = session.execute(
        select(*_MEMBER)
        .where(Membership.user == user, Membership.agency == agency, Membership.until.is_(None))
        .order_by(Membership.case_id)
    )
    return [Member(*row) for row in rows]


def agencies_at_work(session: ReadSession, case: str) -> list[str]:
    """The agencies of everybody on the team now."""
    rows = session.scalars(
        select(Membership.agency)
        .distinct()
        .where(Membership.case_id == case, Membership.until.is_(None))
        .order_by(Membership.agency)
    )
    return list(rows)


def places_of(session: ReadSession, cases: Iterable[str], today: date) -> dict[str, list[Place]]:
    """Who is on the team of each of these cases now, who leads and who stands in, first who came first; of a
    closed case nobody."""
    wanted = sorted(set(cases))
    rows = session.execute(_PLACES, {"cases": wanted, "today": today})
    places: dict[str, list[Place]] = {case: [] for case in wanted}
    for case, user, agency, role, led, stands_in, is_away in rows:
        places[case].append(Place(user, agency, role, led is not None, stands_in is not None, is_away))
    return places


def end_membership(session: WriteSession, request: WriteRequest, member: str, reason: str) -> None:
    session.execute(
        update(Membership)
        .where(Membership.id == member)
        .values(until=request.at, ended_reason=reason, ended_by_user=request.caller.user)
    )
