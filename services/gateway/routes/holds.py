"""Receipts that are held back from the person whom they are about, because they would tip off or locate."""

from fastapi import APIRouter, Response

from services.gateway.disclose import decision_unavailable, release
from services.gateway.guards import MayHoldReceipts
from services.gateway.paging import Limit, Pages
from services.gateway.parts import Parts, created
from services.gateway.schemas.ledger import HoldsView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.records.ledger import HoldEnding, HoldReview, NewHold
from shared.upstream import Unreachable
from shared.vocabulary import Deed
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/ledger", tags=["ledger"])
_HOLDING = DeedAsk(deed=Deed.HOLD_RECEIPT)
_HOLD = "/receipts/{receipt}/holds/{hold}"


@router.get("/holds", response_model=HoldsView)
async def list_holds(
    acting: MayHoldReceipts,
    parts: Parts,
    overdue: bool = False,
    limit: Limit = 50,
    cursor: str | None = None,
) -> Response:
    """What the own agency holds back; with ``overdue`` what somebody should have looked at again by now."""
    answer = await parts.disclosure.permit(acting, _HOLDING)
    pages = Pages(parts, acting, "ledger/holds", limit, {"overdue": str(overdue).lower()})
    asked = {"overdue": overdue, "after": pages.place(cursor), "limit": limit}
    try:
        found = holding(await parts.upstreams.ask("consent", "/holds/list", acting, asked), "holds", "after")
    except Unreachable:
        raise decision_unavailable() from None
    content = {
        "holds": found["holds"],
        **pages.footer(found["after"]),
        "decision": decision_card(answer, acting.purpose),
    }
    return release(acting, content)


@router.post("/receipts/{receipt}/holds", status_code=201, response_model=Done)
async def hold_back(receipt: str, acting: MayHoldReceipts, parts: Parts, new: NewHold) -> Response:
    """Hold a receipt of the own agency back. It counts from ``enforced_at``, and lapses after three days
    unless a second person confirms it."""
    await parts.disclosure.permit(acting, _HOLDING)
    content = new.model_dump(mode="json")
    path = f"/receipts/{id_or_nowhere(receipt)}/holds"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, "/v1/ledger/holds")


@router.post(f"{_HOLD}/confirmation", response_model=Done)
async def confirm(receipt: str, hold: str, acting: MayHoldReceipts, parts: Parts) -> Response:
    """Say as a second person that the receipt has to be held back."""
    await parts.disclosure.permit(acting, _HOLDING)
    path = f"{_path(receipt, hold)}/confirmation"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting))


@router.post(f"{_HOLD}/review", response_model=Done)
async def review(
    receipt: str, hold: str, acting: MayHoldReceipts, parts: Parts, body: HoldReview
) -> Response:
    """Say, having looked at it again, that it goes on until another day."""
    await parts.disclosure.permit(acting, _HOLDING)
    path, content = f"{_path(receipt, hold)}/review", body.model_dump(mode="json")
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


@router.post(f"{_HOLD}/ending", response_model=Done)
async def end(receipt: str, hold: str, acting: MayHoldReceipts, parts: Parts, body: HoldEnding) -> Response:
    """Hold the receipt back no longer: the person sees it at the place where it belongs."""
    await parts.disclosure.permit(acting, _HOLDING)
    path, content = f"{_path(receipt, hold)}/ending", body.model_dump(mode="json")
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


def _path(receipt: str, hold: str) -> str:
    return f"/receipts/{id_or_nowhere(receipt)}/holds/{id_or_nowhere(hold)}"
