"""HTTP about streams of money."""

from fastapi import APIRouter, Response

from services.case.budget_streams import operations
from shared.ids import id_or_nowhere
from shared.records.budget import NewStream
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/budget-streams", route_class=StrictRoute)


@router.get("")
async def streams(parts: ServiceParts, caller: InsideCaller) -> Response:
    return json_response(await parts.store.read(operations.streams, caller))


@router.post("")
async def open_stream(parts: ServiceParts, write: Write, body: NewStream) -> Response:
    return created(await parts.write_once(write, operations.open_stream, body))


@router.post("/{stream}/closing")
async def close_stream(parts: ServiceParts, write: Write, stream: str) -> Response:
    return json_response(await parts.write_once(write, operations.close_stream, id_or_nowhere(stream)))
