"""Decisions not to share over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents.routes import reader_from
from services.consent.consents.schemas import ReaderFacts
from services.consent.non_disclosures import operations
from shared.ids import id_or_nowhere
from shared.records.two_keys import NewNonDisclosure
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/non-disclosures/list")
async def list_non_disclosures(
    case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts
) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_non_disclosures, case, reader))


@router.post("/cases/{case}/non-disclosures")
async def record_non_disclosure(
    case: str, write: Write, parts: ServiceParts, body: NewNonDisclosure
) -> Response:
    return created(await parts.write_once(write, operations.record_non_disclosure, case, body))


@router.post("/cases/{case}/non-disclosures/{decision}/confirmation")
async def confirm(case: str, decision: str, write: Write, parts: ServiceParts) -> Response:
    known = id_or_nowhere(decision)
    return json_response(await parts.write_once(write, operations.confirm, case, known))
