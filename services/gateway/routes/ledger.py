"""The ledger as a whole: checkpoints for others to hold, and whether it still is what it was."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from services.gateway.disclose import part_unavailable
from services.gateway.guards import Acting, InformationOfficer, MayTakeCheckpoints, SignedIn
from services.gateway.parts import Parts
from services.gateway.schemas.ledger import CheckpointView, LedgerKeysView, VerificationView
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.records.base import Record
from shared.upstream import Unreachable
from shared.vocabulary import Deed
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/ledger", tags=["ledger"])
_LONGEST_CHECKPOINT = 2_000


class Verification(Record):
    """A checkpoint that was held elsewhere, to verify against it; ``cursor`` to go on with a verification."""

    checkpoint: Annotated[str, Field(max_length=_LONGEST_CHECKPOINT)] | None = None
    cursor: str | None = None


@router.get("/checkpoint", response_model=CheckpointView)
async def take_checkpoint(acting: MayTakeCheckpoints, parts: Parts) -> Response:
    """A fresh signed checkpoint over the whole ledger. It tells of no case, and not how many there are."""
    answer = await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_CHECKPOINT))
    made = await _worked(parts, acting, "/ledger/checkpoints", None, "checkpoint")
    decision = decision_card(answer, acting.purpose)
    return json_response({**made, "notice": parts.notice, "decision": decision})


@router.get("/keys", response_model=LedgerKeysView)
async def public_keys(acting: SignedIn, parts: Parts) -> Response:
    """The public keys with which anybody can tell that a checkpoint came from this partnership's ledger."""
    try:
        return json_response(holding(await parts.upstreams.read("consent", "/ledger/keys", acting), "keys"))
    except Unreachable:
        raise part_unavailable() from None


@router.post("/verification", response_model=VerificationView)
async def verify(acting: InformationOfficer, parts: Parts, body: Verification) -> Response:
    """Verify the ledger, some thousand receipts at a time: a partnership officer all of it, any other officer
    the chain of their own agency. It tells counts and faults, and never what stands on a receipt."""
    answer = await parts.disclosure.permit(acting, DeedAsk(deed=Deed.VERIFY_LEDGER))
    query = f"ledger/verification/{body.checkpoint}"
    cursor = body.cursor
    progress = None if cursor is None else parts.cursors.open(cursor, acting.caller, query)
    asked = {"checkpoint": body.checkpoint, "progress": progress}
    found = await _worked(parts, acting, "/ledger/verification", asked, "progress", "faults")
    now = found["progress"]
    state = "going_on" if not now["done"] else "broken" if now["faults"] else "whole"
    content = {
        "state": state,
        "chains": now["chains"],
        "receipts": now["receipts"],
        "faults_so_far": now["faults"],
        "faults": found["faults"],
        "cursor": None if now["done"] else parts.cursors.seal(now, acting.caller, query),
        "notice": parts.notice,
        "decision": decision_card(answer, acting.purpose),
    }
    return json_response(content)


async def _worked(parts: Parts, acting: Acting, path: str, content: Any, *names: str) -> dict[str, Any]:
    """What the consent service worked out, which may take longer than D: it discloses nothing of a case."""
    try:
        return holding(await parts.upstreams.work("consent", path, acting, content), *names)
    except Unreachable:
        raise part_unavailable() from None
