"""Conflicts over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.conflicts import operations
from services.consent.conflicts.schemas import DecisionToRecord, OfficersListing
from services.consent.consents.routes import reader_from
from services.consent.consents.schemas import ReaderFacts
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/conflicts/list")
async def list_conflicts(
    case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts
) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_conflicts, case, reader, parts.clock()))


@router.post("/cases/{case}/conflicts/of-office/list")
async def list_for_officer(
    case: str, caller: InsideCaller, parts: ServiceParts, body: OfficersListing
) -> Response:
    reader = reader_from(caller, body.reader)
    listing = parts.store.write(
        operations.list_for_officer, parts.extra.decisions, caller, case, body.ask, reader
    )
    return json_response(await listing)


@router.post("/cases/{case}/conflicts/{conflict}/decision")
async def decide_conflict(
    case: str, conflict: str, write: Write, parts: ServiceParts, body: DecisionToRecord
) -> Response:
    """What is shared was the lower of the two answers until now. A no to taking part that is upheld takes
    access away, and waits D."""
    reader = reader_from(write.caller, body.reader)
    return json_response(
        await parts.take_away_if_told(
            write,
            operations.decide_conflict,
            parts.extra.decisions,
            case,
            id_or_nowhere(conflict),
            body.decision,
            reader,
        )
    )
