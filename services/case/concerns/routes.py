"""HTTP about concerns."""

from fastapi import APIRouter, Response

from services.case.concerns import operations
from services.case.inboxes.schemas import InboxAsk
from shared.ids import id_or_nowhere
from shared.records.concerns import ConcernToStore
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/concerns")
async def send_about_case(parts: ServiceParts, write: Write, case: str, body: ConcernToStore) -> Response:
    return created(await parts.write_once(write, operations.send_about_case, id_or_nowhere(case), body))


@router.post("/concerns")
async def send_about_person(parts: ServiceParts, write: Write, body: ConcernToStore) -> Response:
    return created(await parts.write_once(write, operations.send_about_person, body))


@router.post("/concerns/inbox")
async def inbox(parts: ServiceParts, caller: InsideCaller, body: InboxAsk) -> Response:
    return json_response(await parts.store.read(operations.inbox, caller, body))


@router.post("/concerns/unanswered/inbox")
async def unanswered(parts: ServiceParts, caller: InsideCaller, body: InboxAsk) -> Response:
    return json_response(await parts.store.read(operations.unanswered, caller, body))


@router.post("/concerns/sent")
async def sent(parts: ServiceParts, caller: InsideCaller, body: InboxAsk) -> Response:
    return json_response(await parts.store.read(operations.sent, caller, body))


@router.get("/concerns/{concern}")
async def find(parts: ServiceParts, caller: InsideCaller, concern: str) -> Response:
    known = id_or_nowhere(concern)
    return json_response(await parts.store.read(operations.find, caller, known))


@router.post("/concerns/{concern}/acknowledgement")
async def acknowledge(parts: ServiceParts, write: Write, concern: str) -> Response:
    return json_response(await parts.write_once(write, operations.acknowledge, id_or_nowhere(concern)))
