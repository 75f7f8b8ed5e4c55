"""Reading cases and people whole, many at once: a fixed number of queries, whatever the number of cases.

The statements stand ready at the top and select columns of tables, not attributes of entities: building
them anew for each request cost more than running them (measured on SQLite, design 2.3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, and_, bindparam, func, or_, select, type_coerce, union_all

from services.case.absences.repository import standing_in
from services.case.bundles.assemble import (
    SAYS_WHO_DECIDES,
    CaseParts,
    Deciding,
    PersonParts,
    case_bundle,
    case_roster,
    open_case_card,
    person_bundle,
)
from services.case.cases.relationship import Asked, family_relationships
from services.case.cases.tables import Case, CaseSubject
from services.case.considerations.tables import Consideration
from services.case.deputies.tables import Deputy
from services.case.entries.repository import ENTRY_COLUMNS, as_entry
from services.case.entries.tables import EntryRow, EntrySubject, EntryVersion
from services.case.lead_professional.tables import Leadership, Nomination
from services.case.people.family_tree import Said
from services.case.team.tables import Membership
from services.case.vacancies.tables import Vacancy
from shared.database import ReadSession, Rfc3339, UtcDateTime, among
from shared.disclosure import Entry
from shared.identity import Caller
from shared.vocabulary import Role

_case, _subject = Case.__table__.c, CaseSubject.__table__.c
_entry, _about = EntryRow.__table__.c, EntrySubject.__table__.c
_member, _nomination = Membership.__table__.c, Nomination.__table__.c
_lead = Leadership.__table__.c
_asked = Consideration.__table__.c
_vacancy, _deputy = Vacancy.__table__.c, Deputy.__table__.c
_version = EntryVersion.__table__.c

SELECTED_ENTRY = [
    type_coerce(_entry[name], Rfc3339()).label(name) if name == "recorded_at" else _entry[name]
    for name in ENTRY_COLUMNS
]
"""The columns of which ``as_entry`` makes an entry."""
_CASES_WITH_SUBJECTS = (
    select(
        _case.id, _case.person_id, _case.state, _case.opened_at, _case.closed_at, _case.review_on,
        _subject.person_id.label("subject"), _subject.added_at, _vacancy.since.label("vacant_since"),
        _deputy.member_id.label("deputy"), _deputy.since.label("deputy_since"),
        _deputy.until.label("deputy_until"),
    )
    .join_from(Case.__table__, CaseSubject.__table__)
    .outerjoin(Vacancy.__table__, _vacancy.case_id == _case.id)
    .outerjoin(
        Deputy.__table__,
        and_(
            _deputy.case_id == _case.id,
            standing_in(bindparam("today", type_=Date)),
        ),
    )
    .where(among(_case.id, "cases"))
    .order_by(_subject.added_at, _subject.person_id)
)  # fmt: skip
_DETAILS = (
    select(_about.person_id.label("place"), _entry.recorded_for, *SELECTED_ENTRY)
    .join_from(EntrySubject.__table__, EntryRow.__table__, _entry.id == _about.entry_id)
    .where(_entry.ended_at.is_(None))
)
_DETAILS_OF_PEOPLE = _DETAILS.where(among(_about.person_id, "people")).order_by(_entry.recorded_at, _entry.id)
_SAYS_WHO_DECIDES_FOR_PEOPLE = (
    select(
        _about.person_id,
        *(_entry.id, _entry.kind, _entry.owner, _entry.recorded_for),
        *(_entry.recorded_at, _entry.version, _entry.fields),
    )
    .join_from(EntrySubject.__table__, EntryRow.__table__, _entry.id == _about.entry_id)
    .where(among(_about.person_id, "people"), _entry.kind.in_(SAYS_WHO_DECIDES))
)
_WHO_DECIDES_FOR_PEOPLE = _SAYS_WHO_DECIDES_FOR_PEOPLE.where(_entry.ended_at.is_(None))
_WHO_DECIDED_FOR_PEOPLE = _SAYS_WHO_DECIDES_FOR_PEOPLE.where(
    or_(_entry.ended_at.is_(None), _entry.ended_at > bindparam("at", type_=UtcDateTime()))
)
_WHAT_ENTRIES_HAVE_SAID = union_all(
    *(
        select(
            id_.label("id"),
            row.c.version.label("version"),
            func.coalesce(row.c.corrected_at, row.c.recorded_at, type_=UtcDateTime()).label("at"),
            row.c.owner,
            row.c.recorded_for,
            row.c.fields,
        ).where(among(id_, "entries"))
        for row, id_ in ((EntryVersion.__table__, _version.entry_id), (EntryRow.__table__, _entry.id))
    )
).order_by("id", "version")
_ENTRIES_OF_CASES = union_all(
    select(_entry.case_id.label("place"), _entry.recorded_for, *SELECTED_ENTRY).where(
        among(_entry.case_id, "cases"), _entry.ended_at.is_(None)
    ),
    _DETAILS.where(_about.person_id.in_(select(_subject.person_id).where(among(_subject.case_id, "cases")))),
).order_by("recorded_at", "id")
_ROSTERS = (
    select(
        _member.id, _member.case_id, _member.user, _member.name, _member.agency, _member.role,
        _member.job_title, _member.telephone, _member.since, _member.until,
        _nomination.id.label("nomination"), _nomination.state, _nomination.nominated_at,
        _nomination.nominated_by_agency, _nomination.answered_at, _nomination.reason,
        _nomination.nominated_by, _nomination.nominated_by_user, _nomination.exceeds_cap_because,
        _nomination.objected_at, _nomination.objection,
        _lead.since.label("lead_since"), _lead.until.label("lead_until"),
        _lead.reason.label("lead_ended"),
    )
    .outerjoin_from(
        Membership.__table__,
        Nomination.__table__,
        and_(_nomination.case_id == _member.case_id, _nomination.member_id == _member.id),
    )
    .outerjoin(Leadership.__table__, _lead.nomination_id == _nomination.id)
    .where(among(_member.case_id, "cases"))
    .order_by(_member.since, _member.id)
)  # fmt: skip

_ASKED = (
    select(_asked.case_id, _asked.agency, _asked.role, _asked.user)
    .where(among(_asked.case_id, "cases"), _asked.until.is_(None))
    .order_by(_asked.agency, _asked.user, _asked.role)
)


def case_bundles(
    session: ReadSession, caller: Caller, cases: Sequence[str], at: datetime
) -> list[dict[str, Any]]:
    """The bundle of each case that there is, in the order asked."""
    parts = _whole_cases(session, cases, at.date()) if cases else {}
    return [case_bundle(parts[case], caller, at.date()) for case in cases if case in parts]


def case_rosters(
    session: ReadSession, caller: Caller, cases: Sequence[str], at: datetime
) -> list[dict[str, Any]]:
    """The labels of each case and who stands in a relationship to it, in the order asked: no content."""
    parts = _whole_cases(session, cases, at.date()) if cases else {}
    return [case_roster(parts[case], caller, at.date()) for case in cases if case in parts]


def _whole_cases(session: ReadSession, cases: Sequence[str], today: date) -> dict[str, CaseParts]:
    parts = cases_with_rosters(session, cases, today)
    details: dict[str, list[Entry]] = {person: [] for part in parts.values() for person in part.people}
    recorded_for = {}
    for row in session.connection().execute(_ENTRIES_OF_CASES, {"cases": cases}).all():
        place, entry = row[0], as_entry(row[2:])
        (parts[place].entries if place in parts else details[place]).append(entry)
        recorded_for[entry["id"]] = row[1]
    for part in parts.values():
        part.entries.extend(_each_once(details, part.people))
    _add_who_decides(session, details, parts.values(), recorded_for)
    return parts


def cases_with_rosters(session: ReadSession, cases: Sequence[str], today: date) -> dict[str, CaseParts]:
    """Each of these cases with who stands in which relationship to it, and without its entries."""
    parts: dict[str, CaseParts] = {}
    asked = {"cases": cases, "today": today}
    for row in session.connection().execute(_CASES_WITH_SUBJECTS, asked).all():
        parts.setdefault(row.id, CaseParts(row)).add_subject(row)
    for stay in session.connection().execute(_ROSTERS, {"cases": cases}).all():
        parts[stay.case_id].add_to_roster(stay)
    for one in session.connection().execute(_ASKED, {"cases": cases}).all():
        parts[one.case_id].asked.append(Asked(*one[1:]))
    return parts


def _each_once(details: Mapping[str, list[Entry]], people: Iterable[str]) -> Iterable[Entry]:
    """The details of these people, person by person; one about two of them once."""
    return {entry["id"]: entry for person in people for entry in details[person]}.values()


def _add_who_decides(
    session: ReadSession,
    details: Mapping[str, list[Entry]],
    parts: Iterable[CaseParts | PersonParts],
    recorded_for: Mapping[str, Sequence[str] | None],
) -> None:
    """Give every part who decides for everybody whom an entry is about, subject of the case or not."""
    parts = list(parts)
    known = {
        person: [
            _as_read(entry, recorded_for[entry["id"]])
            for entry in entries
            if entry["kind"] in SAYS_WHO_DECIDES
        ]
        for person, entries in details.items()
    }
    mentioned = {person for part in parts for entry in part.entries for person in entry["subjects"]}
    everybody = _with_what_they_said(session, known | _who_decides_for(session, mentioned.difference(known)))
    for part in parts:
        part.deciding = everybody


def _as_read(entry: Entry, recorded_for: Sequence[str] | None) -> "_Read":
    at = datetime.fromisoformat(entry["recorded_at"])
    named = entry["id"], entry["kind"], entry["owner"]
    return _Read(*named, recorded_for, at, entry["version"], entry["fields"])


def person_bundles(
    session: ReadSession,
    caller: Caller,
    cases_of: Mapping[str, Sequence[str]],
    at: datetime,
    *,
    with_open_cases: bool = False,
) -> list[dict[str, Any]]:
    """The bundle of each person; ``cases_of`` names the cases that each is a subject of."""
    details: dict[str, list[Entry]] = {person: [] for person in cases_of}
    recorded_for = {}
    for row in session.connection().execute(_DETAILS_OF_PEOPLE, {"people": list(cases_of)}).all():
        entry = as_entry(row[2:])
        details[row[0]].append(entry)
        recorded_for[entry["id"]] = row[1]
    named = sorted({case for found in cases_of.values() for case in found})
    cases = cases_with_rosters(session, named, at.date())
    parts = [
        PersonParts(person, details[person], [cases[case] for case in found])
        for person, found in cases_of.items()
    ]
    _add_who_decides(session, details, parts, recorded_for)
    bundles = []
    for part in parts:
        bundle = person_bundle(part, caller, at.date())
        if with_open_cases:
            bundle["open_cases"] = [open_case_card(case, caller) for case in part.cases if case.is_open]
        bundles.append(bundle)
    return bundles


def who_decides_for(session: ReadSession, people: Iterable[str]) -> dict[str, list[Deciding]]:
    """What is recorded of each person's birth, and of what others are to them."""
    return _with_what_they_said(session, _who_decides_for(session, people))


def who_decided_for(session: ReadSession, people: Iterable[str], at: datetime) -> dict[str, list[Deciding]]:
    """The same as it was on record at an earlier moment, whatever was corrected or has ended since."""
    deciding = _by_person(session, _WHO_DECIDED_FOR_PEOPLE, list(people), at=at)
    return {
        person: [then for one in found if (then := one.as_it_was(at)) is not None]
        for person, found in _with_what_they_said(session, deciding).items()
    }


class _Read(NamedTuple):
    """An entry that says who decides for somebody, as it stands."""

    id: str
    kind: str
    owner: str
    recorded_for: Sequence[str] | None
    recorded_at: datetime
    version: int
    fields: dict[str, Any]

    @property
    def said(self) -> Said:
        return Said(self.recorded_at, _by(self.owner, self.recorded_for), self.fields)


def _by(owner: str, recorded_for: Sequence[str] | None) -> tuple[str, ...]:
    return (owner,) if recorded_for is None else tuple(recorded_for)


def _who_decides_for(session: ReadSession, people: Iterable[str]) -> dict[str, list[_Read]]:
    wanted = list(people)
    return _by_person(session, _WHO_DECIDES_FOR_PEOPLE, wanted) if wanted else {}


def _by_person(
    session: ReadSession, statement: Select[Any], people: Sequence[str], **more: Any
) -> dict[str, list[_Read]]:
    deciding: dict[str, list[_Read]] = {}
    for row in session.connection().execute(statement, {"people": people, **more}).all():
        deciding.setdefault(row[0], []).append(_Read(*row[1:]))
    return deciding


def _with_what_they_said(
    session: ReadSession, found: Mapping[str, Sequence[_Read]]
) -> dict[str, list[Deciding]]:
    """These entries with what they said before; most have never been corrected, and are not asked about."""
    corrected = {one.id: list[Said]() for entries in found.values() for one in entries if one.version > 1}
    if corrected:
        asked = {"entries": sorted(corrected)}
        for row in session.connection().execute(_WHAT_ENTRIES_HAVE_SAID, asked).all():
            corrected[row.id].append(Said(row.at, _by(row.owner, row.recorded_for), row.fields))
    return {
        person: [Deciding(one.kind, corrected.get(one.id) or [one.said]) for one in entries]
        for person, entries in found.items()
    }


def relationships_to(session: ReadSession, caller: Caller, cases: Iterable[str]) -> dict[str, str]:
    """The caller's relationship to each of these cases. Who stands in for a lead is no matter here."""
    wanted = sorted(cases)
    found = cases_with_rosters(session, wanted, date.min) if wanted else {}
    return {case: str(parts.relationship(caller)) for case, parts in found.items()}


def subjects_in_reach(session: ReadSession, case: str) -> set[str]:
    """Everybody whom an entry of this case may be about: its subjects and those related to them."""
    people = set(session.scalars(select(_subject.person_id).where(_subject.case_id == case)))
    related = session.scalars(
        select(_entry.subjects)
        .join_from(EntrySubject.__table__, EntryRow.__table__, _entry.id == _about.entry_id)
        .where(_about.person_id.in_(people), _entry.kind == "relationship", _entry.ended_at.is_(None))
    )
    return people.union(*related)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something that is recorded, without what it says."""

    owner: str
    categories: list[str]
    subjects: list[str]


def recorded_relations(session: ReadSession, case: str, person: str) -> list[Recorded]:
    """What says that somebody belongs to those whom a case is about, oldest first; nothing of whom it is
    about themselves."""
    subjects = set(session.scalars(select(_subject.person_id).where(_subject.case_id == case)))
    if person in subjects:
        return []
    related = session.execute(
        select(_entry.owner, _entry.categories, _entry.subjects)
        .join_from(EntrySubject.__table__, EntryRow.__table__, _entry.id == _about.entry_id)
        .where(_about.person_id == person, _entry.kind == "relationship", _entry.ended_at.is_(None))
        .order_by(_entry.recorded_at, _entry.id)
    )
    return [Recorded(*row) for row in related if not subjects.isdisjoint(row.subjects)]


def cases_of_family(session: ReadSession, person: str) -> set[str]:
    """The cases about somebody, and about whomever anybody recorded as related to them: more than those in
    which they are anything to whom the case is about."""
    ends = EntrySubject.__table__.alias("ends").c
    related = (
        select(ends.person_id)
        .join_from(EntrySubject.__table__, EntryRow.__table__, _entry.id == _about.entry_id)
        .join(ends.person_id.table, ends.entry_id == _entry.id)
        .where(_about.person_id == person, _entry.kind == "relationship", _entry.ended_at.is_(None))
    )
    about = select(_subject.case_id).where(or_(_subject.person_id == person, _subject.person_id.in_(related)))
    return set(session.scalars(about))


def family_words(
    session: ReadSession, case: str, people: Iterable[str], today: date
) -> dict[str, dict[str, str]]:
    """What each of these people is to those whom a case is about, as members of their family."""
    wanted = list(people)
    if not wanted:
        return {}
    subjects = list(session.scalars(select(_subject.person_id).where(_subject.case_id == case)))
    related = session.scalars(
        select(_entry.fields)
        .join_from(EntrySubject.__table__, EntryRow.__table__, _entry.id == _about.entry_id)
        .where(_about.person_id.in_(subjects), _entry.kind == "relationship", _entry.ended_at.is_(None))
        .order_by(_entry.id)
    )
    fields = list(related)
    return {
        person: {
            subject: str(word)
            for subject, word in family_relationships(
                Caller("", "", "", Role.FAMILY_MEMBER, person), subjects, fields, today
            ).items()
        }
        for person in wanted
    }
