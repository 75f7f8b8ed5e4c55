"""HTTP about contacts and life events."""

from fastapi import APIRouter, Response

from services.case.contacts import operations
from shared.ids import id_or_nowhere
from shared.records.contacts import ContactToStore, NewLifeEvent, ReopeningToStore
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(prefix="/cases/{case}", route_class=StrictRoute)


@router.post("/contacts")
async def record_contact(parts: ServiceParts, write: Write, case: str, body: ContactToStore) -> Response:
    return created(await parts.write_once(write, operations.record_contact, id_or_nowhere(case), body))


@router.post("/life-events")
async def record_life_event(parts: ServiceParts, write: Write, case: str, body: NewLifeEvent) -> Response:
    return created(await parts.write_once(write, operations.record_life_event, id_or_nowhere(case), body))


@router.post("/contacts/reopening")
async def reopen_offer(parts: ServiceParts, write: Write, case: str, body: ReopeningToStore) -> Response:
    return created(await parts.write_once(write, operations.reopen_offer, id_or_nowhere(case), body))
