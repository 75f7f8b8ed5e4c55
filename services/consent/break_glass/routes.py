"""Break-glass over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.break_glass import operations
from services.consent.break_glass.schemas import BreakGlassToRecord, ReviewToRecord
from services.consent.overrides.schemas import Listing
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/break-glass")
async def break_glass(write: Write, parts: ServiceParts, body: BreakGlassToRecord) -> Response:
    breaking = parts.write_once(write, operations.break_glass, body)
    return created(await breaking)


@router.post("/cases/{case}/break-glass/list")
async def list_break_glass(case: str, caller: InsideCaller, parts: ServiceParts, body: Listing) -> Response:
    return json_response(
        await parts.store.write(operations.list_break_glass, parts.extra.decisions, caller, case, body)
    )


@router.post("/cases/{case}/break-glass/{override}/renewal")
async def renew(case: str, override: str, write: Write, parts: ServiceParts) -> Response:
    renewing = parts.write_once(write, operations.renew, case, id_or_nowhere(override))
    return json_response(await renewing)


@router.post("/cases/{case}/break-glass/{override}/review")
async def review(
    case: str, override: str, write: Write, parts: ServiceParts, body: ReviewToRecord
) -> Response:
    """What was not justified ends, and then this waits D before it answers."""
    reviewing = parts.take_away_if_told(
        write, operations.review, parts.extra.decisions, case, id_or_nowhere(override), body
    )
    return json_response(await reviewing)
