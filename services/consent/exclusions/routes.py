"""Exclusions over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents.routes import reader_from
from services.consent.consents.schemas import ExclusionToRecord, LiftingToRecord, ReaderFacts
from services.consent.exclusions import operations
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/exclusions/list")
async def list_exclusions(
    case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts
) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_exclusions, case, reader))


@router.post("/cases/{case}/exclusions")
async def record_exclusion(case: str, write: Write, parts: ServiceParts, body: ExclusionToRecord) -> Response:
    """Excluding takes something away, so it waits D before it answers."""
    reader = reader_from(write.caller, body.reader)
    outcome = await parts.take_away(
        write, operations.record_exclusion, case, body.exclusion, body.family, reader
    )
    return created(outcome)


@router.post("/cases/{case}/exclusions/{exclusion}/lifting")
async def lift_exclusion(
    case: str, exclusion: str, write: Write, parts: ServiceParts, body: LiftingToRecord
) -> Response:
    reader = reader_from(write.caller, body.reader)
    lifting = parts.write_once(
        write, operations.lift_exclusion, case, id_or_nowhere(exclusion), body.lifting, reader, body.places
    )
    return json_response(await lifting)
