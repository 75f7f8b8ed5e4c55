"""All SQL about cases, whom they are about, and the lists by which they are found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, insert, select, true, update

from services.case.absences.repository import is_led, is_stood_in_for
from services.case.cases.lifecycle import NO_REVIEW
from services.case.cases.relationship import Place
from services.case.cases.tables import Case, CaseloadRow, CaseSubject
from services.case.notices.tables import NoticeRow
from services.case.team import repository as team
from services.case.team.tables import Membership
from services.case.vacancies import repository as vacancies
from shared.database import ReadSession, WriteSession, among, earlier_than, later_than
from shared.idempotency import WriteRequest
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A case that no other transaction changes until this one ends."""

    id: str
    person: str
    state: str


_LOCKED = (
    select(Case.id, Case.person_id, Case.state)
    .where(among(Case.__table__.c.id, "cases"))
    .order_by(Case.id)
    .with_for_update()
)


def lock_cases(session: WriteSession, cases: Iterable[str]) -> list[LockedCase]:
    """Lock cases in the order of their ids, so that two transactions never wait for each other.

    What is read of a case after this is what was committed before. (SQLite has one writer at a time.)
    """
    return [LockedCase(*row) for row in session.execute(_LOCKED, {"cases": list(cases)})]


def lock_case(session: WriteSession, case: str) -> LockedCase | None:
    return next(iter(lock_cases(session, [case])), None)


def add_case(session: WriteSession, request: WriteRequest, person: str, review_on: date | None) -> str:
    case = new_id()
    session.execute(
        insert(Case),
        {
            "id": case,
            "person_id": person,
            "state": "open",
            "opened_at": request.at,
            "closed_at": None,
            "review_on": review_on or NO_REVIEW,
        },
    )
    return case


def add_subjects(session: WriteSession, request: WriteRequest, case: str, people: Iterable[str]) -> None:
    session.execute(
        insert(CaseSubject),
        [
            {
                "case_id": case,
                "person_id": person,
                "added_at": request.at,
                "added_by_agency": request.caller.agency,
            }
            for person in people
        ],
    )


def is_subject(session: ReadSession, case: str, person: str) -> bool:
    row = select(CaseSubject.case_id).where(CaseSubject.case_id == case, CaseSubject.person_id == person)
    return session.execute(row).first() is not None


def set_state(session: WriteSession, case: str, state: str, closed_at: datetime | None) -> None:
    session.execute(update(Case).where(Case.id == case).values(state=state, closed_at=closed_at))


def set_review(session: WriteSession, case: str, review_on: date) -> None:
    session.execute(update(Case).where(Case.id == case).values(review_on=review_on))


def review_of(session: ReadSession, case: str) -> date:
    """The day of the next review; ``NO_REVIEW`` where none is set."""
    return session.execute(select(Case.review_on).where(Case.id == case)).scalar_one()


def refresh_caseload(session: WriteSession, case: str, at: datetime) -> None:
    """Write the rows of a case anew on the lists of those who work on it, and of those that nobody leads."""
    vacancies.refresh(session, case, at)
    session.execute(delete(CaseloadRow).where(CaseloadRow.case_id == case))
    rows = (
        select(Case.id, Membership.agency, Membership.user, Case.review_on, is_led(Case.id))
        .join(Membership, Membership.case_id == Case.id)
        .where(Case.id == case, Case.state == "open", Membership.until.is_(None))
    )
    columns = ["case_id", "agency", "user", "review_on", "has_lead"]
    session.execute(insert(CaseloadRow).from_select(columns, rows))


@dataclass(frozen=True, slots=True)
class DueCase:
    """An open case on whose review day something was to happen, with everybody on its team."""

    id: str
    review_on: date
    places: list[Place]


def with_review_before(session: ReadSession, day: date) -> list[DueCase]:
    """Open cases whose review was to be before that day, those too on which nobody works any more."""
    rows = session.execute(
        select(Case.id, Case.review_on)
        .where(Case.state == "open", Case.review_on < day)
        .order_by(Case.review_on, Case.id)
    ).all()
    held = team.places_of(session, (row.id for row in rows), day)
    return [DueCase(row.id, row.review_on, held[row.id]) for row in rows]


def opened_before(session: ReadSession, at: datetime, not_yet_told: str) -> Sequence[Any]:
    """Who opened each open case before that moment, of which no notice of this kind was ever raised: case,
    user and agency."""
    told = exists().where(NoticeRow.about == Case.id, NoticeRow.kind == not_yet_told)
    return session.execute(
        select(Case.id, Membership.user, Membership.agency)
        .join(Membership, and_(Membership.case_id == Case.id, Membership.since == Case.opened_at))
        .where(Case.state == "open", Case.opened_at <= at, ~told)
        .order_by(Case.id, Membership.id)
    ).all()


def cases_after(session: ReadSession, after: str | None, limit: int) -> list[str]:
    """Case ids in their own order, which is random and so tells nothing, from one on."""
    query = select(Case.id).order_by(Case.id).limit(limit)
    return list(session.scalars(query if after is None else query.where(Case.id > after)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadQuery:
    """Which cases of whose list: those of one user, or of the whole agency."""

    agency: str
    user: str | None
    today: date
    without_lead: bool = False
    review_before: date | None = None
    after: tuple[date, str] | None = None
    limit: int
    also: Collection[str] = ()


def caseload(session: ReadSession, query: CaseloadQuery) -> Sequence[tuple[date, str]]:
    """A page of review date and case id, in that order; a case with several colleagues stands once.

    Cases that are named besides stand in their places among the others: the first of both, merged, are the
    first of all.
    """
    rows = _on_list(session, query)
    if not query.also:
        return rows
    return sorted({*rows, *_named(session, query)})[: query.limit]


def caseload_of_family(session: ReadSession, query: CaseloadQuery) -> Sequence[tuple[date, str]]:
    """A page of the cases named, closed ones too: what was written down stays theirs to read."""
    return _named(session, query, even_closed=True)


def of_these(cases: Collection[str]) -> ColumnElement[bool]:
    return Case.id.in_(cases)


def with_team_of(agency: str, user: str | None = None, *, even_left: bool = False) -> ColumnElement[bool]:
    """Cases on whose team somebody of an agency stands, or that user of it; ``even_left``: or ever stood."""
    return Case.id.in_(
        select(Membership.case_id).where(
            Membership.agency == agency,
            true() if user is None else Membership.user == user,
            true() if even_left else Membership.until.is_(None),
        )
    )


def closed(
    session: ReadSession, whose: ColumnElement[bool], after: tuple[datetime, str] | None, limit: int
) -> Sequence[tuple[datetime, str]]:
    """A page of moment and case, the latest closed first."""
    place = (Case.closed_at, Case.id)
    rows = session.execute(
        select(*place)
        .where(Case.state == "closed", whose, earlier_than(place, after))
        .order_by(Case.closed_at.desc(), Case.id.desc())
        .limit(limit)
    )
    return [(row.closed_at, row.id) for row in rows]


def _on_list(session: ReadSession, query: CaseloadQuery) -> Sequence[tuple[date, str]]:
    place = (CaseloadRow.review_on, CaseloadRow.case_id)
    rows = session.execute(
        select(*place)
        .distinct()
        .where(
            CaseloadRow.agency == query.agency,
            true() if query.user is None else CaseloadRow.user == query.user,
            *_nobody_leads(query, CaseloadRow.has_lead.is_(False), CaseloadRow.case_id),
            true() if query.review_before is None else CaseloadRow.review_on < query.review_before,
            later_than(place, query.after),
        )
        .order_by(*place)
        .limit(query.limit)
    )
    return [(row.review_on, row.case_id) for row in rows]


def _nobody_leads(query: CaseloadQuery, unled: Any, case: Any) -> list[Any]:
    """What holds of cases without a lead, where it is asked for those: nobody stands in either."""
    return [unled, ~is_stood_in_for(case, query.today)] if query.without_lead else []


def _named(
    session: ReadSession, query: CaseloadQuery, *, even_closed: bool = False
) -> Sequence[tuple[date, str]]:
    """Of the cases named besides, those that are open and fit the query, in the same order."""
    is_chosen = query.without_lead or query.review_before is not None
    place = (Case.review_on, Case.id)
    rows = session.execute(
        select(*place)
        .where(
            Case.id.in_(query.also),
            true() if even_closed and not is_chosen else Case.state == "open",
            *_nobody_leads(query, ~is_led(Case.id), Case.id),
            true() if query.review_before is None else Case.review_on < query.review_before,
            later_than(place, query.after),
        )
        .order_by(*place)
        .limit(query.limit)
    )
    return [(row.review_on, row.id) for row in rows]
