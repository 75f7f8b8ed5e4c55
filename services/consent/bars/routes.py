"""Bars over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.bars import operations
from services.consent.bars.schemas import BarToLift, BarToRecord, BarToReview, People
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.get("/bars")
async def list_bars_in_force(caller: InsideCaller, parts: ServiceParts, overdue: bool = False) -> Response:
    decisions = parts.extra.decisions
    return json_response(await parts.store.read(operations.list_bars_in_force, decisions, caller, overdue))


@router.post("/bars/list")
async def list_bars_about(caller: InsideCaller, parts: ServiceParts, body: People) -> Response:
    decisions = parts.extra.decisions
    return json_response(await parts.store.read(operations.list_bars_about, decisions, caller, body.people))


@router.post("/cases/{case}/bars")
async def record_bar(case: str, write: Write, parts: ServiceParts, body: BarToRecord) -> Response:
    """A bar takes something away, so it waits D before it answers."""
    return created(await parts.take_away(write, operations.record_bar, case, body.bar, body.people))


@router.post("/cases/{case}/bars/{bar}/lifting")
async def lift_bar(case: str, bar: str, write: Write, parts: ServiceParts, body: BarToLift) -> Response:
    decisions, bar = parts.extra.decisions, id_or_nowhere(bar)
    return json_response(
        await parts.write_once(write, operations.lift_bar, decisions, case, bar, body.lifting, body.people)
    )


@router.post("/cases/{case}/bars/{bar}/review")
async def review_bar(case: str, bar: str, write: Write, parts: ServiceParts, body: BarToReview) -> Response:
    decisions, bar = parts.extra.decisions, id_or_nowhere(bar)
    return json_response(
        await parts.write_once(write, operations.review_bar, decisions, case, bar, body.review, body.people)
    )
