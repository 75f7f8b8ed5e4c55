"""What can happen to the record of a person. Details belong to the agency that contributed them."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.case.bundles import repository as bundles
from services.case.bundles.assemble import subject_of
from services.case.entries import repository as entries
from services.case.entries.content import read_fields, stored
from services.case.people import repository
from services.case.people.ages import check_birth
from services.case.people.family_tree import makes_a_circle, parents_of
from services.case.people.schemas import DetailToCorrect, RelationshipToRecord
from services.case.people.search_keys import keys_searched, name_key
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import forbidden, invalid, not_found
from shared.records.people import (
    NewDetail,
    NewDetails,
    NewPerson,
    PeopleSearch,
    SubjectsAsOf,
)

MOST_GENERATIONS = 12
_SAY_WHO_DECIDES = ("birth", "relationship")


def create_person(session: WriteSession, request: WriteRequest, body: NewPerson) -> Outcome:
    person = repository.add_person(session, request)
    return {"id": person, "details": record_details(session, request, person, body.details)}


def add_details(session: WriteSession, request: WriteRequest, person: str, body: NewDetails) -> Outcome:
    _must_be_known(session, person)
    return {"id": person, "details": record_details(session, request, person, body.details)}


def record_details(
    session: WriteSession, request: WriteRequest, person: str, details: Sequence[NewDetail]
) -> list[dict[str, Any]]:
    added = []
    for index, detail in enumerate(details):
        fields = stored(detail.fields)
        if detail.kind == "birth":
            check_birth(fields, request.at.date(), f"details.{index}.fields.")
        entry = entries.NewEntry(kind=detail.kind, subjects=[person], fields=fields, person=person)
        entry_id = entries.add_entry(session, request, entry)
        repository.index_detail(session, person, entry_id, detail.kind, fields)
        added.append({"id": entry_id, "kind": detail.kind, "version": 1})
    return added


def correct_detail(
    session: WriteSession, request: WriteRequest, person: str, entry_id: str, body: DetailToCorrect
) -> Outcome:
    """Only the agency that contributed a detail corrects it; the earlier version is kept.

    Who answers for somebody, and from when they do so themselves, follows from births and relationships: a
    correction of either may take access away.
    """
    found = entries.find_about(session, person, entry_id)
    if found is None:
        raise not_found()
    if found.owner != request.caller.agency:
        raise forbidden("Only the agency that recorded this can correct it; ask them, or add your own.")
    if found.version != body.expected_version:
        raise entries.stale()
    fields = stored(read_fields(found.kind, body.fields))
    _check_correction(session, request, entry_id, found, fields)
    works_for = _recorded_for(request, body.works_for) if found.kind == "relationship" else None
    version = entries.correct_entry(
        session, request, entry_id, body.expected_version, fields, recorded_for=works_for
    )
    repository.index_detail(session, person, entry_id, found.kind, fields)
    return {"id": entry_id, "version": version, "takes_away": found.kind in _SAY_WHO_DECIDES}


def _check_correction(
    session: WriteSession, request: WriteRequest, entry_id: str, found: entries.Found, fields: dict[str, Any]
) -> None:
    if found.kind == "birth":
        check_birth(fields, request.at.date(), "fields.")
    if found.kind == "relationship":
        for end, person in zip(("from_person", "to_person"), found.subjects, strict=True):
            if fields[end] != person:
                raise invalid(f"fields.{end}", "A correction keeps the two people; add a new relationship.")
        repository.lock_people(session, found.subjects)
        _refuse_circle(session, request, fields, "fields.relation", entry_id)


def add_relationship(
    session: WriteSession, request: WriteRequest, person: str, body: RelationshipToRecord
) -> Outcome:
    _must_be_known(session, person)
    if person not in (body.from_person, body.to_person):
        raise invalid("from_person", "One of the two people must be the person whom this is recorded for.")
    # Locked, so that of two opposite relationships recorded at once one is seen by the other.
    known = repository.lock_people(session, (body.from_person, body.to_person))
    for field, end in (("from_person", body.from_person), ("to_person", body.to_person)):
        if end not in known:
            raise invalid(field, "Name a person whose record you can see; record them first if need be.")
    fields = stored(body.fields)
    _refuse_circle(session, request, fields, "relation")
    entry = entries.NewEntry(
        kind="relationship",
        subjects=[body.from_person, body.to_person],
        fields=fields,
        person=person,
        recorded_for=_recorded_for(request, body.works_for),
    )
    return {"id": entries.add_entry(session, request, entry), "version": 1}


def _recorded_for(request: WriteRequest, works_for: Iterable[str]) -> list[str]:
    """Every agency of whoever records something, whichever they act for: what they gain by it counts."""
    return sorted({request.caller.agency, *works_for})


def _refuse_circle(
    session: WriteSession, request: WriteRequest, new: dict[str, Any], path: str, corrected: str = ""
) -> None:
    """Nobody is their own forebear, as far as the caller's own agency has recorded.

    What other agencies recorded is not looked at: a refusal would tell of it (design 3.5).
    """
    known: dict[str, dict[str, Any]] = {}
    frontier, seen = {new["to_person"]}, set[str]()
    for _ in range(MOST_GENERATIONS):
        recorded = entries.relationships_recorded_by(session, request.caller.agency, frontier)
        known.update(recorded)
        seen |= frontier
        ends = {fields[end] for _, fields in recorded for end in ("from_person", "to_person")}
        frontier = ends - seen
        if not frontier:
            break
    known.pop(corrected, None)
    if makes_a_circle(new, known.values()):
        raise invalid(path, "Your agency recorded the opposite: one of the two cannot be right.")


def _must_be_known(session: ReadSession, person: str) -> None:
    if not repository.known_people(session, [person]):
        raise not_found()


def person_bundle(session: ReadSession, caller: Caller, person: str, at: Any) -> dict[str, Any]:
    _must_be_known(session, person)
    cases = repository.cases_about(session, [person])
    return bundles.person_bundles(session, caller, cases, at)[0]


def subjects_as_of(session: ReadSession, asked: SubjectsAsOf) -> list[dict[str, Any]]:
    """Of each of these people from when they decide and who is responsible for them, by what was on record at
    a moment, in the order asked; of whom nothing was, nothing is known."""
    told = bundles.who_decided_for(session, asked.people, asked.at)
    return [subject_of(person, told) for person in asked.people]


def search_people(session: ReadSession, caller: Caller, body: PeopleSearch, at: Any) -> dict[str, Any]:
    """People whom each given detail fits, with who leads their open cases.

    ``parents``: by child, the parents of the name that was given, undecided too: a child is found by a parent
    who may be found themselves.
    """
    people = repository.find_people(session, keys_searched(body.model_dump(mode="json")))
    parents: dict[str, list[dict[str, Any]]] = {}
    if body.parent_name is not None:
        named = _parents_named(session, people, body.parent_name)
        parents = {child: _bundles(session, caller, found, at) for child, found in named.items()}
        people = [child for child in people if child in named]
    return {"matches": _bundles(session, caller, people, at, with_open_cases=True), "parents": parents}


def _parents_named(session: ReadSession, children: Sequence[str], name: str) -> dict[str, list[str]]:
    """The children with a parent of this name, and these parents, in the order of their random ids."""
    told = bundles.who_decides_for(session, children)
    parents = {
        child: parents_of(child, (one.fields for one in told.get(child, ()) if one.kind == "relationship"))
        for child in children
    }
    of_the_name = repository.with_key(session, set().union(*parents.values()), name_key(name))
    named = {child: sorted(found & of_the_name) for child, found in parents.items()}
    return {child: found for child, found in named.items() if found}


def _bundles(
    session: ReadSession, caller: Caller, people: Sequence[str], at: Any, **how: bool
) -> list[dict[str, Any]]:
    return bundles.person_bundles(session, caller, repository.cases_about(session, people), at, **how)
