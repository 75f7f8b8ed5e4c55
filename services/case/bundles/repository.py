"""Reading cases and people whole, many at once: a fixed number of queries, whatever the number of cases."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.case.bundles.assemble import CaseParts, PersonParts, case_bundle, open_case_card, person_bundle
from services.case.cases.tables import Case, CaseSubject
from services.case.entries.repository import ENTRY_COLUMNS, as_entry
from services.case.entries.tables import EntryRow, EntrySubject
from services.case.lead_professional.tables import Leadership, Nomination
from services.case.team.tables import Membership
from shared.database import ReadSession
from shared.disclosure import Entry
from shared.identity import Caller

Rows = Sequence[Any]


def case_bundles(
    session: ReadSession, caller: Caller, cases: Sequence[str], at: datetime
) -> list[dict[str, Any]]:
    """The bundle of each case that there is, in the order asked."""
    parts = _case_parts(session, cases)
    return [case_bundle(parts[case], caller, at.date()) for case in cases if case in parts]


def _case_parts(session: ReadSession, cases: Sequence[str]) -> dict[str, CaseParts]:
    rows = session.execute(
        select(Case.id, Case.person_id, Case.state, Case.opened_at, Case.closed_at, Case.review_on).where(
            Case.id.in_(cases)
        )
    )
    parts = {row.id: CaseParts(row) for row in rows}
    for row in _subjects(session, cases):
        parts[row.case_id].people.append(row.person_id)
    for row in _entries_of_cases(session, cases):
        parts[row.case_id].entries.append(as_entry(row))
    details = _details_of({person for case in parts.values() for person in case.people}, session)
    for case in parts.values():
        case.entries.extend(_in_order(details, case.people))
    _add_rosters(session, parts)
    births = _births_of_others(session, details, parts.values())
    for case in parts.values():
        case.births = births
    return parts


def _subjects(session: ReadSession, cases: Sequence[str]) -> Rows:
    return session.execute(
        select(CaseSubject.case_id, CaseSubject.person_id)
        .where(CaseSubject.case_id.in_(cases))
        .order_by(CaseSubject.added_at, CaseSubject.person_id)
    ).all()


def _entries_of_cases(session: ReadSession, cases: Sequence[str]) -> Rows:
    return session.execute(
        select(EntryRow.case_id, *ENTRY_COLUMNS)
        .where(EntryRow.case_id.in_(cases), EntryRow.ended_at.is_(None))
        .order_by(EntryRow.recorded_at, EntryRow.id)
    ).all()


def _details_of(people: Iterable[str], session: ReadSession) -> dict[str, list[Entry]]:
    """The details about each of these people; one about two people stands with both."""
    found: dict[str, list[Entry]] = {person: [] for person in people}
    rows = session.execute(
        select(EntrySubject.person_id.label("about"), *ENTRY_COLUMNS)
        .join(EntryRow, EntryRow.id == EntrySubject.entry_id)
        .where(EntrySubject.person_id.in_(list(found)), EntryRow.ended_at.is_(None))
        .order_by(EntryRow.recorded_at, EntryRow.id)
    )
    for row in rows:
        found[row.about].append(as_entry(row))
    return found


def _in_order(details: Mapping[str, list[Entry]], people: Iterable[str]) -> list[Entry]:
    """The details of these people, person by person, each once."""
    unique = {entry["id"]: entry for person in people for entry in details[person]}
    return list(unique.values())


def _add_rosters(session: ReadSession, parts: Mapping[str, CaseParts]) -> None:
    cases = list(parts)
    for row in _memberships(session, cases):
        parts[row.case_id].members[row.id] = row
    for row in _leaderships(session, cases):
        parts[row.case_id].leaderships.append(row)
    for row in _nominations(session, cases):
        parts[row.case_id].nominations.append(row)


def _memberships(session: ReadSession, cases: Sequence[str]) -> Rows:
    return session.execute(
        select(
            Membership.id, Membership.case_id, Membership.user, Membership.name, Membership.agency,
            Membership.role, Membership.job_title, Membership.telephone, Membership.since, Membership.until,
        )
        .where(Membership.case_id.in_(cases))
        .order_by(Membership.since, Membership.id)
    ).all()  # fmt: skip


def _leaderships(session: ReadSession, cases: Sequence[str]) -> Rows:
    return session.execute(
        select(
            Leadership.case_id, Leadership.member_id, Leadership.since, Leadership.until, Leadership.reason
        )
        .where(Leadership.case_id.in_(cases))
        .order_by(Leadership.since, Leadership.nomination_id)
    ).all()


def _nominations(session: ReadSession, cases: Sequence[str]) -> Rows:
    return session.execute(
        select(
            Nomination.id, Nomination.case_id, Nomination.member_id, Nomination.state,
            Nomination.nominated_at, Nomination.nominated_by_agency, Nomination.answered_at,
            Nomination.reason,
        )
        .where(Nomination.case_id.in_(cases))
        .order_by(Nomination.nominated_at, Nomination.id)
    ).all()  # fmt: skip


def _births_of_others(
    session: ReadSession, details: Mapping[str, list[Entry]], parts: Iterable[CaseParts | PersonParts]
) -> dict[str, list[dict[str, Any]]]:
    """The births of everybody whom an entry is about, those who are no subject of the case included."""
    births = {
        person: [entry["fields"] for entry in entries if entry["kind"] == "birth"]
        for person, entries in details.items()
    }
    others = {person for part in parts for entry in part.entries for person in entry["subjects"]} - set(
        births
    )
    if not others:
        return births
    births.update({person: [] for person in others})
    rows = session.execute(
        select(EntryRow.person_id, EntryRow.fields)
        .join(EntrySubject, EntrySubject.entry_id == EntryRow.id)
        .where(
            EntrySubject.person_id.in_(list(others)), EntryRow.kind == "birth", EntryRow.ended_at.is_(None)
        )
    )
    for row in rows:
        births[str(row.person_id)].append(row.fields)
    return births


def person_bundles(
    session: ReadSession,
    caller: Caller,
    cases_of: Mapping[str, Sequence[str]],
    at: datetime,
    *,
    with_open_cases: bool = False,
) -> list[dict[str, Any]]:
    """The bundle of each person; ``cases_of`` names the cases that each is a subject of."""
    details = _details_of(cases_of, session)
    cases = _bare_cases(session, sorted({case for found in cases_of.values() for case in found}))
    parts = [
        PersonParts(person, details[person], [cases[case] for case in found])
        for person, found in cases_of.items()
    ]
    births = _births_of_others(session, details, parts)
    bundles = []
    for part in parts:
        part.births = births
        bundle = person_bundle(part, caller, at.date())
        if with_open_cases:
            bundle["open_cases"] = [open_case_card(case) for case in part.cases if case.is_open]
        bundles.append(bundle)
    return bundles


def _bare_cases(session: ReadSession, cases: Sequence[str]) -> dict[str, CaseParts]:
    """Cases with their rosters and nothing else."""
    if not cases:
        return {}
    rows = session.execute(
        select(Case.id, Case.person_id, Case.state, Case.opened_at, Case.closed_at, Case.review_on).where(
            Case.id.in_(cases)
        )
    )
    parts = {row.id: CaseParts(row) for row in rows}
    for row in _memberships(session, cases):
        parts[row.case_id].members[row.id] = row
    for row in _leaderships(session, cases):
        parts[row.case_id].leaderships.append(row)
    return parts


def subjects_in_reach(session: ReadSession, case: str) -> set[str]:
    """Everybody whom an entry of this case may be about: its subjects and those related to them."""
    people = set(session.scalars(select(CaseSubject.person_id).where(CaseSubject.case_id == case)))
    related = session.scalars(
        select(EntryRow.subjects)
        .join(EntrySubject, EntrySubject.entry_id == EntryRow.id)
        .where(
            EntrySubject.person_id.in_(people),
            EntryRow.kind == "relationship",
            EntryRow.ended_at.is_(None),
        )
    )
    return people.union(*related)
