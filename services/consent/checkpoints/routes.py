"""Checkpoints over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.checkpoints import operations
from shared.service import InsideCaller, ServiceParts, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/ledger/checkpoints")
async def make_checkpoint(_: InsideCaller, parts: ServiceParts) -> Response:
    key = parts.extra.decisions.ledger_key
    return created({"checkpoint": await operations.make_checkpoint(parts.store, key, parts.clock)})


@router.get("/ledger/keys")
async def public_keys(_: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(operations.public_keys(parts.extra.ledger_keys))
