"""Sharing requests over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents.authority import answers_in_own_right
from services.consent.consents.routes import reader_from
from services.consent.consents.schemas import STRANGER, ReaderFacts
from services.consent.sharing_requests import operations
from services.consent.sharing_requests.operations import Whom
from services.consent.sharing_requests.schemas import (
    FamilyAnswerToRecord,
    OwnerAnswerToRecord,
    RequestByDetailsToRecord,
    RequestToRecord,
)
from shared.clock import rfc3339
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.vocabulary import Answer
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/sharing-requests")
async def ask_about_case(case: str, write: Write, parts: ServiceParts, body: RequestToRecord) -> Response:
    new = body.sharing_request
    whom = Whom(case, new.subject, body.reaches_owner)
    return created(await parts.write_once(write, operations.ask_to_share, new, whom))


@router.post("/sharing-requests")
async def ask_by_details(write: Write, parts: ServiceParts, body: RequestByDetailsToRecord) -> Response:
    whom = Whom(body.case, body.subject, body.reaches_owner)
    return created(await parts.write_once(write, operations.ask_to_share, body.sharing_request, whom))


@router.post("/cases/{case}/sharing-requests/list")
async def list_for_case(case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_for_case, case, reader, parts.clock()))


@router.get("/sharing-requests/people")
async def people_of_agency(caller: InsideCaller, parts: ServiceParts) -> Response:
    """Of whom it must be known who decides for them, to list what an agency asked and was asked."""
    reader = reader_from(caller, STRANGER)
    people = await parts.store.read(operations.people_of_agency, reader)
    return json_response({"people": people, "at": rfc3339(parts.clock())})


@router.post("/sharing-requests/list")
async def list_for_agency(caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_for_agency, reader, parts.clock()))


@router.post("/cases/{case}/sharing-requests/{request}/owner-answer")
async def answer_for_owner_on_case(
    case: str, request: str, write: Write, parts: ServiceParts, body: OwnerAnswerToRecord
) -> Response:
    known = id_or_nowhere(request)
    return json_response(
        await parts.take_away_if_told(write, operations.answer_for_owner, case, known, body.answer)
    )


@router.post("/sharing-requests/{request}/owner-answer")
async def answer_for_owner(
    request: str, write: Write, parts: ServiceParts, body: OwnerAnswerToRecord
) -> Response:
    known = id_or_nowhere(request)
    return json_response(
        await parts.take_away_if_told(write, operations.answer_for_owner, None, known, body.answer)
    )


@router.post("/cases/{case}/sharing-requests/{request}/family-answer")
async def answer_for_family(
    case: str, request: str, write: Write, parts: ServiceParts, body: FamilyAnswerToRecord
) -> Response:
    """A refusal, and a person's own answer in the place of others', may take something away: it waits D."""
    answer = body.answer
    takes_away = answer.answer == Answer.REFUSED or answers_in_own_right(answer.capacity)
    do = parts.take_away if takes_away else parts.write_once
    reader = reader_from(write.caller, body.reader)
    return created(
        await do(
            write,
            operations.answer_for_family,
            parts.extra.decisions,
            case,
            id_or_nowhere(request),
            answer,
            body.family,
            reader,
            body.owners,
        )
    )
