"""The family's codes and visits over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.family_codes import operations
from shared.ids import id_or_nowhere
from shared.records.family_codes import FamilyCodeToStore, Redemption, SecretShown
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/family-codes")
async def make_code(case: str, write: Write, parts: ServiceParts, body: FamilyCodeToStore) -> Response:
    """A new code ends the visit of an older one, so it waits D before it answers."""
    return created(await parts.take_away(write, operations.make_code, case, body))


@router.post("/family-codes/whose")
async def whose_code(_: InsideCaller, parts: ServiceParts, shown: SecretShown) -> Response:
    found = await parts.store.read(operations.whose_code, shown.digest, parts.clock())
    return json_response({"visitor": found})


@router.post("/family-visits/whose")
async def whose_visit(_: InsideCaller, parts: ServiceParts, shown: SecretShown) -> Response:
    found = await parts.store.read(operations.whose_visit, shown.digest, parts.clock())
    return json_response({"visitor": found})


@router.post("/family-codes/{code}/redemption")
async def redeem(code: str, write: Write, parts: ServiceParts, body: Redemption) -> Response:
    return created(await parts.write_once(write, operations.redeem, id_or_nowhere(code), body))
