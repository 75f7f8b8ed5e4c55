"""The ledger over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.ledger import operations
from services.consent.ledger.operations import DisclosuresAsk, Refusal, SearchAsk
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


@router.post("/refusals")
async def record_refusal(caller: InsideCaller, parts: ServiceParts, refusal: Refusal) -> Response:
    """What the gateway refuses, or another service, after the decision or without one."""
    await parts.store.write(operations.record_refusal, parts.extra.decisions, caller, refusal)
    return json_response({"recorded": True})
