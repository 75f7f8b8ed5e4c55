"""Verifying the ledger over HTTP, inside: as much at a time as nobody has to wait for."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from services.consent.checkpoints.signature import LONGEST
from services.consent.verification import operations
from services.consent.verification.progress import Progress
from shared.disclosure import Wire
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


class VerificationAsk(Wire):
    """A checkpoint held elsewhere, if there is one, and how far an earlier call had come."""

    checkpoint: Annotated[str, Field(max_length=LONGEST)] | None = None
    progress: Progress | None = None


@router.post("/ledger/verification")
async def verify(caller: InsideCaller, parts: ServiceParts, ask: VerificationAsk) -> Response:
    extra = parts.extra
    scope = await parts.store.read(operations.scope_of, extra.decisions, caller)
    progress, faults = await operations.verify_some(
        parts.store, extra.ledger_keys, scope, ask.checkpoint, ask.progress
    )
    found = [{"chain": fault.chain, "place": fault.seq, "what": fault.what} for fault in faults]
    return json_response({"progress": progress.model_dump(mode="json"), "faults": found})
