"""All SQL about people themselves and the keys by which they are found."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from services.case.cases.tables import CaseSubject
from services.case.people.search_keys import keys_of
from services.case.people.tables import Person, PersonSearchKey
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest
from shared.ids import new_id


def add_person(session: WriteSession, request: WriteRequest) -> str:
    person = new_id()
    session.execute(
        insert(Person),
        {"id": person, "recorded_at": request.at, "recorded_by_agency": request.caller.agency},
    )
    return person


def known_people(session: ReadSession, people: Iterable[str]) -> set[str]:
    """Those of the given ids that are people."""
    return set(session.scalars(select(Person.id).where(Person.id.in_(list(people)))))


def lock_people(session: WriteSession, people: Iterable[str]) -> set[str]:
    """Those of the given ids that are people, locked until this transaction ends (in the order of ids)."""
    rows = select(Person.id).where(Person.id.in_(list(people))).order_by(Person.id).with_for_update()
    return set(session.scalars(rows))


def index_detail(
    session: WriteSession, person: str, entry_id: str, kind: str, fields: Mapping[str, Any]
) -> None:
    """Make a person findable by what an entry says now, and no longer by what it said before."""
    session.execute(delete(PersonSearchKey).where(PersonSearchKey.entry_id == entry_id))
    rows = [
        {"entry_id": entry_id, "kind": key_kind, "key": key, "person_id": person}
        for key_kind, key in sorted(keys_of(kind, fields))
    ]
    if rows:
        session.execute(insert(PersonSearchKey), rows)


def find_people(session: ReadSession, keys: Sequence[tuple[str, str]]) -> list[str]:
    """People of whom each key is a current detail, in the order of their random ids."""
    having = [
        select(PersonSearchKey.person_id).where(PersonSearchKey.kind == kind, PersonSearchKey.key == key)
        for kind, key in keys
    ]
    query = select(Person.id).where(*(Person.id.in_(people) for people in having))
    # No limit here: who may be seen is decided later, and hidden people must not crowd out the others.
    return list(session.scalars(query.order_by(Person.id)))


def with_key(session: ReadSession, people: Iterable[str], key: tuple[str, str]) -> set[str]:
    """Those of these people of whom a key is a current detail."""
    kind, digest = key
    having = select(PersonSearchKey.person_id).where(
        PersonSearchKey.kind == kind, PersonSearchKey.key == digest
    )
    return set(session.scalars(having.where(PersonSearchKey.person_id.in_(list(people)))))


def cases_about(session: ReadSession, people: Iterable[str]) -> dict[str, list[str]]:
    """The cases that each person is a subject of."""
    found: dict[str, list[str]] = {person: [] for person in people}
    rows = session.execute(
        select(CaseSubject.person_id, CaseSubject.case_id)
        .where(CaseSubject.person_id.in_(list(found)))
        .order_by(CaseSubject.added_at, CaseSubject.case_id)
    )
    for row in rows:
        found[row.person_id].append(row.case_id)
    return found
