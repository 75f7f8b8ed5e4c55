"""Statutory overrides over HTTP, inside."""

from collections.abc import Awaitable

from fastapi import APIRouter, Response

from services.consent.overrides import operations
from services.consent.overrides.schemas import (
    Asked,
    ConfirmationToRecord,
    EndingToRecord,
    Listing,
    OverrideToRecord,
    TellingToRecord,
)
from shared.idempotency import Outcome, WriteRequest
from shared.ids import id_or_nowhere
from shared.problems import Problem
from shared.service import InsideCaller, Parts, ServiceParts, Write, created
from shared.vocabulary import Deed
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


async def or_record_refusal(
    parts: Parts, write: WriteRequest, case: str, deed: Deed, asked: Asked, doing: Awaitable[Outcome]
) -> Outcome:
    """What a deed gives; if it is refused, the refusal stands in the ledger before anybody is told of it.

    In a transaction of its own, because the one that refused left nothing behind.
    """
    try:
        return await doing
    except Problem as problem:
        await parts.store.write(
            operations.record_refusal, parts.extra.decisions, write.caller, case, deed, asked, problem
        )
        raise


@router.post("/cases/{case}/overrides/list")
async def list_overrides(case: str, caller: InsideCaller, parts: ServiceParts, body: Listing) -> Response:
    return json_response(
        await parts.store.write(operations.list_overrides, parts.extra.decisions, caller, case, body)
    )


@router.post("/cases/{case}/overrides")
async def record_override(case: str, write: Write, parts: ServiceParts, body: OverrideToRecord) -> Response:
    recording = parts.write_once(write, operations.record_override, parts.extra.decisions, case, body)
    return created(await or_record_refusal(parts, write, case, Deed.RECORD_OVERRIDE, body.asked, recording))


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
    return json_response(
        await or_record_refusal(parts, write, case, Deed.CONFIRM_OVERRIDE, body.asked, confirming)
    )


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
    return json_response(await or_record_refusal(parts, write, case, Deed.END_OVERRIDE, body.asked, ending))


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
    return json_response(
        await or_record_refusal(parts, write, case, Deed.REVIEW_TELLING, body.asked, reviewing)
    )


@router.post("/overrides/own")
async def own_cases(caller: InsideCaller, parts: ServiceParts) -> Response:
    return json_response({"cases": await parts.store.read(operations.own_cases, caller, parts.clock())})
