"""Agreements over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.agreements import operations
from shared.ids import id_or_nowhere
from shared.records.agencies import NewAgreement
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.get("/agreements")
async def list_agreements(caller: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(await parts.store.read(operations.list_agreements, caller))


@router.post("/agreements")
async def record_agreement(write: Write, parts: ServiceParts, new: NewAgreement) -> Response:
    """An agreement may be narrower than the default rows that it replaces, so it waits D like any ending."""
    recording = parts.take_away(write, operations.record_agreement, parts.extra.decisions, new)
    return created(await recording)


@router.post("/agreements/{agreement}/ending")
async def end_agreement(write: Write, parts: ServiceParts, agreement: str) -> Response:
    return json_response(await parts.take_away(write, operations.end_agreement, id_or_nowhere(agreement)))
