"""Explanations over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.explanations import operations
from shared.explanations import OfficerAsk, ReceiptAsk, RequesterAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/explanations")


@router.post("/requester")
async def explain_to_requester(caller: InsideCaller, parts: ServiceParts, asked: RequesterAsk) -> Response:
    answer = await parts.store.write(operations.explain_to_requester, parts.extra.decisions, caller, asked)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.post("/officer")
async def explain_to_officer(caller: InsideCaller, parts: ServiceParts, asked: OfficerAsk) -> Response:
    """What an information officer may know; null when there is nothing here for her."""
    return json_response(
        await parts.store.write(operations.explain_to_officer, parts.extra.decisions, caller, asked)
    )


@router.post("/receipts")
async def place_of_receipt(caller: InsideCaller, parts: ServiceParts, asked: ReceiptAsk) -> Response:
    """Which case a receipt is about, if this officer may see it; null otherwise."""
    return json_response(
        await parts.store.read(operations.place_of_receipt, parts.extra.decisions, caller, asked.receipt)
    )
