"""HTTP about people."""

from fastapi import APIRouter, Response

from services.case.people import operations
from services.case.people.schemas import DetailToCorrect, RelationshipToRecord
from shared.ids import id_or_nowhere
from shared.records.people import (
    NewDetails,
    NewPerson,
    PeopleSearch,
    SubjectsAsOf,
)
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/people", route_class=StrictRoute)


@router.post("")
async def create_person(parts: ServiceParts, write: Write, body: NewPerson) -> Response:
    return created(await parts.write_once(write, operations.create_person, body))


@router.post("/search")
async def search_people(parts: ServiceParts, caller: InsideCaller, body: PeopleSearch) -> Response:
    return json_response(await parts.store.read(operations.search_people, caller, body, parts.clock()))


@router.post("/subjects-as-of")
async def subjects_as_of(parts: ServiceParts, body: SubjectsAsOf) -> Response:
    return json_response({"subjects": await parts.store.read(operations.subjects_as_of, body)})


@router.get("/{person}/bundle")
async def person_bundle(parts: ServiceParts, caller: InsideCaller, person: str) -> Response:
    person = id_or_nowhere(person)
    return json_response(await parts.store.read(operations.person_bundle, caller, person, parts.clock()))


@router.post("/{person}/details")
async def add_details(parts: ServiceParts, write: Write, person: str, body: NewDetails) -> Response:
    """A second date of birth may move the day from which the person decides: this waits D."""
    person = id_or_nowhere(person)
    takes_away = any(detail.kind == "birth" for detail in body.details)
    do = parts.take_away if takes_away else parts.write_once
    return created(await do(write, operations.add_details, person, body))


@router.patch("/{person}/details/{entry}")
async def correct_detail(
    parts: ServiceParts, write: Write, person: str, entry: str, body: DetailToCorrect
) -> Response:
    person, entry = id_or_nowhere(person), id_or_nowhere(entry)
    return json_response(await parts.take_away_if_told(write, operations.correct_detail, person, entry, body))


@router.post("/{person}/relationships")
async def add_relationship(
    parts: ServiceParts, write: Write, person: str, body: RelationshipToRecord
) -> Response:
    """A newer record can end a parent's say: this waits D."""
    person = id_or_nowhere(person)
    return created(await parts.take_away(write, operations.add_relationship, person, body))
