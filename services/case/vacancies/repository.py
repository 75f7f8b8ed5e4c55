"""All SQL about cases that nobody leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, exists, func, insert, literal, or_, select

from services.case.absences.repository import is_led, is_stood_in_for
from services.case.cases.tables import Case
from services.case.team.tables import Membership
from services.case.vacancies.tables import Vacancy
from shared.database import ReadSession, UtcDateTime, WriteSession, later_than


def refresh(session: WriteSession, case: str, at: datetime) -> None:
    """Put a case on the list of those that nobody leads who can act, or take it off; what is there stays as
    it was. Whether somebody stands in hangs on the day, and is asked when the list is read."""
    has_lead = is_led(case)
    is_open = exists().where(Case.id == case, Case.state == "open")
    listed = exists().where(Vacancy.case_id == case)
    session.execute(delete(Vacancy).where(Vacancy.case_id == case, or_(has_lead, ~is_open)))
    vacant = select(Case.id, literal(at, UtcDateTime())).where(
        Case.id == case, Case.state == "open", ~has_lead, ~listed
    )
    session.execute(insert(Vacancy).from_select(["case_id", "since"], vacant))


def is_listed(session: ReadSession, case: str) -> bool:
    """Whether nobody leads this case who can act."""
    return session.execute(select(Vacancy.case_id).where(Vacancy.case_id == case)).first() is not None


def longest_vacant(
    session: ReadSession, today: date, after: tuple[datetime, str] | None, limit: int
) -> Sequence[tuple[datetime, str]]:
    """A page of moment and case, those first that have been without a lead for longest."""
    place = (Vacancy.since, Vacancy.case_id)
    nobody = ~is_stood_in_for(Vacancy.case_id, today)
    rows = session.execute(
        select(*place).where(nobody, later_than(place, after)).order_by(*place).limit(limit)
    )
    return [(row.since, row.case_id) for row in rows]


@dataclass(frozen=True, slots=True)
class Unled:
    """An open case without a lead, since when, and the agencies at work on it."""

    case: str
    since: datetime
    agencies: tuple[str, ...]


def without_lead_since(session: ReadSession, since: datetime, today: date) -> list[Unled]:
    """Cases on which more than one agency works, or nobody any more, and that nobody has led since that
    moment or before; nor does anybody stand in."""
    at_work = and_(Membership.case_id == Vacancy.case_id, Membership.until.is_(None))
    not_one = (
        select(Vacancy.case_id)
        .outerjoin(Membership, at_work)
        .where(Vacancy.since <= since, ~is_stood_in_for(Vacancy.case_id, today))
        .group_by(Vacancy.case_id)
        .having(func.count(Membership.agency.distinct()) != 1)
    )
    rows = session.execute(
        select(Vacancy.case_id, Vacancy.since, Membership.agency)
        .distinct()
        .outerjoin(Membership, at_work)
        .where(Vacancy.case_id.in_(not_one))
        .order_by(Vacancy.since, Vacancy.case_id, Membership.agency)
    )
    agencies: dict[tuple[str, datetime], list[str]] = {}
    for case, vacant_since, agency in rows:
        at_this = agencies.setdefault((case, vacant_since), [])
        if agency is not None:
            at_this.append(agency)
    return [Unled(case, vacant, tuple(there)) for (case, vacant), there in agencies.items()]
