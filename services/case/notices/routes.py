"""HTTP about notices."""

from fastapi import APIRouter, Response

from services.case.notices import operations
from services.case.notices.schemas import NoticesAsk
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/notices/mine")
async def notices(parts: ServiceParts, caller: InsideCaller, body: NoticesAsk) -> Response:
    return json_response(await parts.store.read(operations.notices, caller, body, parts.clock()))


@router.get("/notices/{notice}")
async def find(parts: ServiceParts, caller: InsideCaller, notice: str) -> Response:
    return json_response(await parts.store.read(operations.find, caller, id_or_nowhere(notice)))


@router.post("/notices/{notice}/clearing")
async def clear(parts: ServiceParts, write: Write, notice: str) -> Response:
    return json_response(await parts.write_once(write, operations.clear, id_or_nowhere(notice)))
