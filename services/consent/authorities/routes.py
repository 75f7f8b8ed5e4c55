"""Authorities over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.authorities import operations
from services.consent.authorities.schemas import AuthorityEndingToRecord
from services.consent.consents.routes import reader_from
from services.consent.consents.schemas import ReaderFacts
from shared.ids import id_or_nowhere
from shared.records.authorities import NewAuthority
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/authorities/list")
async def list_authorities(
    case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts
) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_authorities, case, reader, parts.clock()))


@router.post("/cases/{case}/authorities")
async def record_authority(case: str, write: Write, parts: ServiceParts, new: NewAuthority) -> Response:
    """A court order that takes somebody's say away ends what rested on it, so it waits D."""
    do = parts.take_away if new.effect == "takes_away" else parts.write_once
    return created(await do(write, operations.record_authority, case, new))


@router.post("/cases/{case}/authorities/{authority}/ending")
async def end_authority(
    case: str, authority: str, write: Write, parts: ServiceParts, body: AuthorityEndingToRecord
) -> Response:
    """What was given under it ends too, so it waits D before it answers."""
    reader = reader_from(write.caller, body.reader)
    return json_response(
        await parts.take_away(
            write, operations.end_authority, case, id_or_nowhere(authority), body.ending, reader, body.holders
        )
    )
