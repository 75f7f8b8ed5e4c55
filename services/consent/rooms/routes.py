"""What may be said in a room, over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.rooms import operations
from shared.explanations import RoomAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/rooms")
async def room(caller: InsideCaller, parts: ServiceParts, asked: RoomAsk) -> Response:
    return json_response(await parts.store.write(operations.room, parts.extra.decisions, caller, asked))
