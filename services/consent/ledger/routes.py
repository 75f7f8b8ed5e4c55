"""The ledger over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.ledger import operations
from services.consent.ledger.operations import DisclosuresAsk, SearchAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/disclosures")
async def read_disclosures(caller: InsideCaller, parts: ServiceParts, ask: DisclosuresAsk) -> Response:
    return json_response(
        await parts.store.write(operations.read_disclosures, parts.extra.decisions, caller, ask)
    )


@router.post("/ledger/search")
async def search(caller: InsideCaller, parts: ServiceParts, ask: SearchAsk) -> Response:
    return json_response(await operations.search(parts.store, parts.extra.decisions, caller, ask))
