"""Holds over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.holds import operations
from services.consent.holds.operations import HoldsAsk
from shared.ids import id_or_nowhere
from shared.records.ledger import HoldEnding, HoldReview, NewHold
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)
_HOLD = "/receipts/{receipt}/holds/{hold}"


@router.post("/holds/list")
async def list_holds(caller: InsideCaller, parts: ServiceParts, ask: HoldsAsk) -> Response:
    return json_response(await parts.store.read(operations.list_holds, caller, parts.clock(), ask))


@router.post("/receipts/{receipt}/holds")
async def propose(receipt: str, write: Write, parts: ServiceParts, new: NewHold) -> Response:
    """Holding back takes something away from whoever would read it, so it waits D before it answers."""
    return created(await parts.take_away(write, operations.propose, id_or_nowhere(receipt), new))


@router.post(f"{_HOLD}/confirmation")
async def confirm(receipt: str, hold: str, write: Write, parts: ServiceParts) -> Response:
    place = (id_or_nowhere(receipt), id_or_nowhere(hold))
    return json_response(await parts.write_once(write, operations.confirm, *place))


@router.post(f"{_HOLD}/review")
async def review(receipt: str, hold: str, write: Write, parts: ServiceParts, body: HoldReview) -> Response:
    place = (id_or_nowhere(receipt), id_or_nowhere(hold))
    return json_response(await parts.write_once(write, operations.review, *place, body))


@router.post(f"{_HOLD}/ending")
async def end(receipt: str, hold: str, write: Write, parts: ServiceParts, body: HoldEnding) -> Response:
    place = (id_or_nowhere(receipt), id_or_nowhere(hold))
    return json_response(await parts.write_once(write, operations.end, *place, body))
