"""All SQL about entries: adding one, correcting one without losing what it said, reading."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.case.entries.tables import EntryRow, EntrySubject, EntryVersion
from services.case.entry_kinds import AREAS, CATEGORIES, tells_where
from shared.database import ReadSession, WriteSession
from shared.disclosure import Entry
from shared.idempotency import WriteRequest
from shared.ids import new_id
from shared.problems import Problem, forbidden, invalid, not_found
from shared.vocabulary import Area, Category

ENTRY_COLUMNS = (
    "id", "area", "kind", "owner", "accountable", "categories", "subjects", "recorded_at", "author",
    "version", "fields",
)  # fmt: skip
LONGEST_NAME = 300
_ORDER = tuple(Category)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry about to be added; ``owner`` is the caller's agency unless it is named.

    ``recorded_for``: the agencies of whoever records it, where it matters.
    """

    kind: str
    subjects: Sequence[str]
    fields: dict[str, Any]
    person: str | None = None
    case: str | None = None
    owner: str | None = None
    accountable: str | None = None
    more_categories: Iterable[Category] = ()
    recorded_for: Sequence[str] | None = None


def as_entry(row: Sequence[Any]) -> Entry:
    """An entry as it travels to the gateway, from ``ENTRY_COLUMNS``, the moment as RFC 3339 text."""
    id_, area, kind, owner, accountable, categories, subjects, recorded_at, author, version, fields = row
    return {
        "id": id_,
        "area": area,
        "kind": kind,
        "owner": owner,
        "accountable": accountable,
        "categories": categories,
        "subjects": subjects,
        "unanswered": False,
        "draft": False,
        "locates": tells_where(kind, categories),
        "recorded_at": recorded_at,
        "author": author,
        "version": version,
        "fields": fields,
    }


def add_entry(session: WriteSession, request: WriteRequest, entry: NewEntry) -> str:
    """Add an entry in the caller's name; its id."""
    entry_id = new_id()
    categories = {*CATEGORIES[entry.kind], *entry.more_categories}
    area = Area.PERSON if entry.case is None else AREAS[entry.kind]
    session.execute(
        insert(EntryRow),
        {
            "id": entry_id,
            "area": area.value,
            "kind": entry.kind,
            "person_id": entry.person,
            "case_id": entry.case,
            "owner": entry.owner or request.caller.agency,
            "accountable": entry.accountable,
            "categories": sorted(categories, key=_ORDER.index),
            "subjects": list(entry.subjects),
            "recorded_at": request.at,
            "author": request.caller.name[:LONGEST_NAME],
            "author_user": request.caller.user,
            "version": 1,
            "fields": entry.fields,
            "recorded_for": entry.recorded_for,
            "ended_at": None,
        },
    )
    if area is Area.PERSON:
        rows = [{"person_id": person, "entry_id": entry_id} for person in entry.subjects]
        session.execute(insert(EntrySubject), rows)
    return entry_id


def correct_entry(
    session: WriteSession,
    request: WriteRequest,
    entry_id: str,
    expected_version: int,
    fields: dict[str, Any],
    accountable: str | None = None,
    recorded_for: Sequence[str] | None = None,
) -> int:
    """Replace what an entry says and keep what it said; the new version, or a 412 for a stale one.

    The moment at which it was recorded stays: those who see its summary may not learn from it that something
    was corrected which they do not see (design 3.5).
    """
    earlier = session.execute(
        select(
            EntryRow.version, EntryRow.owner, EntryRow.accountable, EntryRow.categories, EntryRow.subjects,
            EntryRow.recorded_at, EntryRow.corrected_at, EntryRow.author, EntryRow.author_user,
            EntryRow.fields, EntryRow.recorded_for,
        ).where(EntryRow.id == entry_id, EntryRow.version == expected_version)
        .with_for_update()
    ).one_or_none()  # fmt: skip
    if earlier is None:
        raise stale()
    session.execute(insert(EntryVersion), {"entry_id": entry_id, **earlier._asdict()})
    session.execute(
        update(EntryRow)
        .where(EntryRow.id == entry_id)
        .values(
            version=expected_version + 1,
            accountable=accountable,
            corrected_at=request.at,
            author=request.caller.name[:LONGEST_NAME],
            author_user=request.caller.user,
            fields=fields,
            recorded_for=recorded_for,
        )
    )
    return expected_version + 1


def add_to_fields(session: WriteSession, entry_id: str, more: dict[str, Any]) -> int:
    """Let an entry that is there say more, as its author's still, and keep what it said; the new version."""
    earlier = session.execute(
        select(
            EntryRow.version, EntryRow.owner, EntryRow.accountable, EntryRow.categories, EntryRow.subjects,
            EntryRow.recorded_at, EntryRow.corrected_at, EntryRow.author, EntryRow.author_user,
            EntryRow.fields, EntryRow.recorded_for,
        ).where(EntryRow.id == entry_id).with_for_update()
    ).one()  # fmt: skip
    session.execute(insert(EntryVersion), {"entry_id": entry_id, **earlier._asdict()})
    version: int = earlier.version + 1
    said = update(EntryRow).where(EntryRow.id == entry_id)
    session.execute(said.values(version=version, fields={**earlier.fields, **more}))
    return version


def stale() -> Problem:
    return Problem("stale", "Somebody changed this after you read it. Read it again, then make your change.")


@dataclass(frozen=True, slots=True)
class Found:
    """What a correction needs to know of an entry."""

    kind: str
    owner: str
    accountable: str | None
    version: int
    recorded_at: datetime
    categories: list[str]
    subjects: list[str]
    fields: dict[str, Any]


_FOUND = (
    EntryRow.kind,
    EntryRow.owner,
    EntryRow.accountable,
    EntryRow.version,
    EntryRow.recorded_at,
    EntryRow.categories,
    EntryRow.subjects,
    EntryRow.fields,
)


def find_about(session: ReadSession, person: str, entry_id: str) -> Found | None:
    """An entry of the area ``person`` about that person."""
    row = session.execute(
        select(*_FOUND)
        .join(EntrySubject, EntrySubject.entry_id == EntryRow.id)
        .where(EntryRow.id == entry_id, EntrySubject.person_id == person, EntryRow.ended_at.is_(None))
    ).one_or_none()
    return None if row is None else Found(*row)


def find_in_case(session: ReadSession, case: str, kind: str, entry_id: str) -> Found | None:
    """An entry of that kind in that case."""
    row = session.execute(
        select(*_FOUND).where(
            EntryRow.id == entry_id,
            EntryRow.case_id == case,
            EntryRow.kind == kind,
            EntryRow.ended_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else Found(*row)


def find_own(
    session: ReadSession, request: WriteRequest, case: str, kind: str, entry_id: str, refusal: str
) -> Found:
    """An entry in that case that the caller's agency may change; a 404 if there is none, a 403 that says
    ``refusal`` if it is another agency's."""
    found = find_in_case(session, case, kind, entry_id)
    if found is None:
        raise not_found()
    if found.owner != request.caller.agency:
        raise forbidden(refusal)
    return found


def subjects_for_case(
    subjects: Iterable[str], reach: Collection[str], main: str, field: str = "subjects"
) -> list[str]:
    """Whom an entry of a case is about: those named, each once, or the person whom the case is about."""
    return within_reach(subjects, reach, field) or [main]


def within_reach(subjects: Iterable[str], reach: Collection[str], field: str = "subjects") -> list[str]:
    """Those named, each once; a 422 about the first who has nothing to do with the case."""
    for number, person in enumerate(subjects):
        if person not in reach:
            raise invalid(
                f"{field}.{number}", "Name somebody whom this case is about; add them to the case first."
            )
    return list(dict.fromkeys(subjects))


def relationships_recorded_by(
    session: ReadSession, agency: str, people: Iterable[str]
) -> list[tuple[str, dict[str, Any]]]:
    """The relationships of these people that an agency recorded: entry id and content."""
    rows = session.execute(
        select(EntryRow.id, EntryRow.fields)
        .join(EntrySubject, EntrySubject.entry_id == EntryRow.id)
        .where(
            EntrySubject.person_id.in_(list(people)),
            EntryRow.kind == "relationship",
            EntryRow.owner == agency,
            EntryRow.ended_at.is_(None),
        )
    )
    return [(row.id, row.fields) for row in rows]
