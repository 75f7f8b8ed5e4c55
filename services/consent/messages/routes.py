"""Messages, and what an ended permission had released, over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents.routes import reader_from
from services.consent.messages import operations
from services.consent.messages.schemas import MessageAnswerToRecord, MessagesAsk, ReleasedAsk
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/consents/{consent}/disclosures")
async def read_released(
    case: str, consent: str, caller: InsideCaller, parts: ServiceParts, body: ReleasedAsk
) -> Response:
    reader = reader_from(caller, body.reader)
    return json_response(
        await parts.store.read(operations.read_released, case, id_or_nowhere(consent), reader, parts.clock())
    )


@router.post("/messages/list")
async def list_messages(caller: InsideCaller, parts: ServiceParts, ask: MessagesAsk) -> Response:
    return json_response(
        await parts.store.write(operations.list_messages, parts.extra.decisions, caller, ask)
    )


@router.post("/messages/{message}/answer")
async def answer_message(
    message: str, write: Write, parts: ServiceParts, body: MessageAnswerToRecord
) -> Response:
    return json_response(
        await parts.write_once(write, operations.answer_message, id_or_nowhere(message), body.answer)
    )
