"""SQL for reports: who and what, without a word of content but postcodes and levels."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select, update

from services.case.cases.tables import Case
from services.case.costs.tables import ServiceCost
from services.case.entries.tables import CLOSURE, EntryRow, EntrySubject, EntryVersion
from services.case.lead_professional.tables import Leadership, Nomination
from services.case.referrals.tables import Referral
from services.case.reports.facts import Happening, answered, area_of, known_by, wait
from services.case.reports.schemas import ReportAsk
from services.case.reports.spending import Spending
from services.case.reports.tables import PublishedReport
from services.case.team.tables import Membership
from shared.database import ReadSession, WriteSession, among, insert_unless_there

Made = dict[str, dict[str, dict[str, Any]]]
"""Reports about one time: by how they are split, and by agency, or empty for the partnership."""


def cases_opened(session: ReadSession, start: datetime, end: datetime) -> list[Happening]:
    """People around whom a case was opened, by the agency that did, and how long they waited for a lead."""
    first_lead = (
        select(func.min(Leadership.since))
        .where(Leadership.case_id == Case.id, Leadership.since < end)
        .scalar_subquery()
        .label("accepted_at")
    )
    rows = session.execute(
        select(Case.id, Case.person_id, EntryRow.owner, Case.opened_at, first_lead)
        .join(EntryRow, and_(EntryRow.case_id == Case.id, EntryRow.kind == "case_opening"))
        .where(
            Case.opened_at >= start,
            Case.opened_at < end,
            EntryRow.recorded_at < end,
        )
        .order_by(Case.opened_at, Case.id, EntryRow.recorded_at)
    )
    return [Happening(row.person_id, row.owner, wait(row.opened_at, row.accepted_at)) for row in rows]


def cases_closed(session: ReadSession, start: datetime, end: datetime) -> list[Happening]:
    """People whose case was closed, by the agency that closed it and why."""
    rows = session.execute(
        select(Case.person_id, EntryRow.owner, EntryRow.fields)
        .join(Case, Case.id == EntryRow.case_id)
        .where(
            CLOSURE,
            EntryRow.recorded_at >= start,
            EntryRow.recorded_at < end,
        )
        .order_by(EntryRow.recorded_at, EntryRow.id)
    )
    return [Happening(row.person_id, row.owner, row.fields["reason"]) for row in rows]


def lead_answers(session: ReadSession, start: datetime, end: datetime) -> list[Happening]:
    """People for whom somebody was asked to lead, by the agency asked and what was answered by the end of the
    time."""
    rows = session.execute(
        select(Case.person_id, Membership.agency, Nomination.state, Nomination.answered_at)
        .join(Membership, Membership.id == Nomination.member_id)
        .join(Case, Case.id == Nomination.case_id)
        .where(
            Nomination.nominated_at >= start,
            Nomination.nominated_at < end,
        )
        .order_by(Nomination.nominated_at, Nomination.id)
    )
    return [Happening(row.person_id, row.agency, answered(row.state, row.answered_at, end)) for row in rows]


def referrals_made(session: ReadSession, start: datetime, end: datetime) -> list[Happening]:
    """People for whom an agency was asked, and what it had answered by the end of the time."""
    return [
        Happening(row.person_id, row.agency, answered(row.state, row.answered_at, end))
        for row in _referrals(session, start, end)
    ]


def referral_waits(session: ReadSession, start: datetime, end: datetime) -> list[Happening]:
    """People for whom an agency was asked, and how long the answer took."""
    return [
        Happening(row.person_id, row.agency, wait(row.asked_at, known_by(row.answered_at, end)))
        for row in _referrals(session, start, end)
    ]


def _referrals(session: ReadSession, start: datetime, end: datetime) -> Any:
    return session.execute(
        select(Case.person_id, Referral.agency, Referral.state, Referral.asked_at, Referral.answered_at)
        .join(Case, Case.id == Referral.case_id)
        .where(
            Referral.asked_at >= start,
            Referral.asked_at < end,
        )
        .order_by(Referral.asked_at, Referral.entry_id)
    )


def areas_of(session: ReadSession, people: Iterable[str], end: datetime) -> dict[str, str]:
    """The area of each person by the newest contact known at the end of the time, as it read then."""
    return {
        person: area_of(fields.get("postcode")) for person, fields in _newest(session, people, "contact", end)
    }


def needs_of(session: ReadSession, people: Iterable[str], end: datetime) -> dict[str, str]:
    """The level of need of each person at the end of the time."""
    rows = session.execute(
        select(Case.person_id, EntryRow.fields)
        .join(Case, Case.id == EntryRow.case_id)
        .where(
            among(Case.__table__.c.person_id, "people"),
            EntryRow.kind == "need_level",
            EntryRow.recorded_at < end,
        )
        .order_by(EntryRow.recorded_at, EntryRow.id),
        {"people": list(people)},
    )
    return {row.person_id: f"level {row.fields['level']}" for row in rows}


def _newest(
    session: ReadSession, people: Iterable[str], kind: str, end: datetime
) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded of each person, in order: of several the newest comes last. What was corrected after
    the end of the time reads as it did before."""
    rows = session.execute(
        select(EntrySubject.person_id, EntryRow.id, EntryRow.corrected_at, EntryRow.fields)
        .join(EntryRow, EntryRow.id == EntrySubject.entry_id)
        .where(
            among(EntrySubject.__table__.c.person_id, "people"),
            EntryRow.kind == kind,
            EntryRow.recorded_at < end,
        )
        .order_by(EntryRow.recorded_at, EntryRow.id),
        {"people": list(people)},
    ).all()
    later = {row.id for row in rows if row.corrected_at is not None and row.corrected_at >= end}
    then = _as_they_read(session, later, end)
    return [(row.person_id, then.get(row.id, row.fields)) for row in rows]


def _as_they_read(session: ReadSession, entries: Iterable[str], end: datetime) -> dict[str, dict[str, Any]]:
    """What these entries said at a moment since when they were corrected."""
    rows = session.execute(
        select(EntryVersion.entry_id, EntryVersion.fields)
        .where(
            among(EntryVersion.__table__.c.entry_id, "entries"),
            func.coalesce(EntryVersion.corrected_at, EntryVersion.recorded_at) < end,
        )
        .order_by(EntryVersion.entry_id, EntryVersion.version),
        {"entries": list(entries)},
    )
    return {row.entry_id: row.fields for row in rows}


def not_counted(session: ReadSession, end: date) -> Sequence[Any]:
    """The costs that start before a day and are in no report yet: of each its entry, and when it starts and
    was recorded."""
    return session.execute(
        select(ServiceCost.entry_id, ServiceCost.starts_on, ServiceCost.recorded_at).where(
            ServiceCost.counted_in.is_(None), ServiceCost.starts_on < end
        )
    ).all()


def count(session: WriteSession, costs: Iterable[str], year: int) -> None:
    """These costs are in the report of this year from now on, and in no other."""
    session.execute(
        update(ServiceCost)
        .where(among(ServiceCost.__table__.c.entry_id, "costs"))
        .values(counted_in=year)
        .execution_options(synchronize_session=False),
        {"costs": list(costs)},
    )


def spent(session: ReadSession, year: int) -> list[Spending]:
    """What each agency spent of what is counted in a year, and on whom."""
    rows = session.execute(
        select(ServiceCost.agency, ServiceCost.person_id, ServiceCost.pence).where(
            ServiceCost.counted_in == year
        )
    )
    people, pence = defaultdict[str, set[str]](set), Counter[str]()
    for row in rows:
        people[row.agency].add(row.person_id)
        pence[row.agency] += row.pence
    return [Spending(agency, whom, pence[agency]) for agency, whom in people.items()]


def periods_made(session: ReadSession, report: str) -> set[str]:
    """The times about which this report was made."""
    made = select(PublishedReport.period).where(PublishedReport.report == report)
    return set(session.execute(made).scalars())


def find_published(session: ReadSession, ask: ReportAsk) -> Made | None:
    """All that was made about a time when one of it was first read."""
    return session.execute(
        select(PublishedReport.content).where(
            PublishedReport.report == ask.report, PublishedReport.period == ask.period
        )
    ).scalar_one_or_none()


def begin(session: WriteSession, ask: ReportAsk, at: datetime) -> bool:
    """Whether it falls to the caller to make the reports about a time. Somebody else who is about to is
    waited for; then it does not."""
    row = {"report": ask.report, "period": ask.period, "content": {}, "published_at": at}
    begun = insert_unless_there(session, PublishedReport).returning(PublishedReport.period)
    return session.execute(begun, row).first() is not None


def publish(session: WriteSession, ask: ReportAsk, made: Made) -> None:
    """Keep what was made about a time."""
    session.execute(
        update(PublishedReport)
        .where(PublishedReport.report == ask.report, PublishedReport.period == ask.period)
        .values(content=made)
    )
