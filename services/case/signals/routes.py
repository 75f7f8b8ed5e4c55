"""HTTP about signals."""

from fastapi import APIRouter, Response

from services.case.signals import operations
from services.case.signals.schemas import SignalsAsk
from shared.ids import id_or_nowhere
from shared.records.small_concerns import SignalClosing
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/signals", route_class=StrictRoute)


@router.post("/open")
async def open_signals(parts: ServiceParts, caller: InsideCaller, body: SignalsAsk) -> Response:
    return json_response(await parts.store.read(operations.open_signals, caller, body, parts.clock()))


@router.get("/{signal}")
async def find(parts: ServiceParts, caller: InsideCaller, signal: str) -> Response:
    return json_response(await parts.store.read(operations.find, caller, id_or_nowhere(signal)))


@router.post("/{signal}/taking-up")
async def take_up(parts: ServiceParts, write: Write, signal: str) -> Response:
    return json_response(await parts.write_once(write, operations.take_up, id_or_nowhere(signal)))


@router.post("/{signal}/closing")
async def close(parts: ServiceParts, write: Write, signal: str, body: SignalClosing) -> Response:
    return json_response(await parts.write_once(write, operations.close, id_or_nowhere(signal), body))
