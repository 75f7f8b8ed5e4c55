"""Statutory overrides over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.overrides import operations
from services.consent.overrides.schemas import (
    ConfirmationToRecord,
    EndingToRecord,
    Listing,
    OverrideToRecord,
    TellingToRecord,
)
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/overrides/list")
async def list_overrides(case: str, caller: InsideCaller, parts: ServiceParts, body: Listing) -> Response:
    return json_response(
        await parts.store.write(operations.list_overrides, parts.extra.decisions, caller, case, body)
    )


@router.post("/cases/{case}/overrides")
async def record_override(case: str, write: Write, parts: ServiceParts, body: OverrideToRecord) -> Response:
    recording = parts.write_once(write, operations.record_override, parts.extra.decisions, case, body)
    return created(await recording)


@router.post("/cases/{case}/overrides/{override}/confirmation")
async def confirm_override(
    case: str, override: str, write: Write, parts: ServiceParts, body: ConfirmationToRecord
) -> Response:
    confirming = parts.write_once(
        write,
        operations.confirm_override,
        parts.extra.decisions,
        case,
        id_or_nowhere(override),
        body.asked,
    )
    return json_response(await confirming)


@router.post("/cases/{case}/overrides/{override}/ending")
async def end_override(
    case: str, override: str, write: Write, parts: ServiceParts, body: EndingToRecord
) -> Response:
    """Ending takes something away, so it waits D before it answers."""
    ending = parts.take_away(
        write,
        operations.end_override,
        parts.extra.decisions,
        case,
        id_or_nowhere(override),
        body.ending,
        body.asked,
    )
    return json_response(await ending)


@router.post("/cases/{case}/overrides/{override}/telling")
async def review_telling(
    case: str, override: str, write: Write, parts: ServiceParts, body: TellingToRecord
) -> Response:
    """Where the family was told before and is no more, this waits D before it answers."""
    reviewing = parts.take_away_if_told(
        write,
        operations.review_telling,
        parts.extra.decisions,
        case,
        id_or_nowhere(override),
        body.review,
        body.asked,
    )
    return json_response(await reviewing)


@router.get("/lawful-bases")
async def lawful_bases(caller: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(await parts.store.read(operations.lawful_bases, parts.extra.decisions, caller))


@router.post("/overrides/own")
async def own_cases(caller: InsideCaller, parts: ServiceParts) -> Response:
    return json_response({"cases": await parts.store.read(operations.own_cases, caller, parts.clock())})
