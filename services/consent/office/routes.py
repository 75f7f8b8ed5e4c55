"""What waits for an information officer, inside."""

from fastapi import APIRouter, Response

from services.consent.office import operations
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.get("/office")
async def read_waiting(caller: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(await parts.store.read(operations.waiting, parts.extra.decisions, caller))
