"""Releases over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents.routes import reader_from
from services.consent.consents.schemas import ReaderFacts
from services.consent.releases import operations
from shared.ids import id_or_nowhere
from shared.records.two_keys import NewRelease, ReleaseEnding
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/releases/list")
async def list_releases(case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_releases, case, reader))


@router.post("/cases/{case}/releases")
async def record_release(case: str, write: Write, parts: ServiceParts, body: NewRelease) -> Response:
    return created(await parts.write_once(write, operations.record_release, case, body))


@router.post("/cases/{case}/releases/{release}/ending")
async def end_release(
    case: str, release: str, write: Write, parts: ServiceParts, body: ReleaseEnding
) -> Response:
    return json_response(
        await parts.take_away(write, operations.end_release, case, id_or_nowhere(release), body)
    )
