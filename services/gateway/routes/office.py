"""What waits for those who answer for an agency, over every case and the partnership."""

from fastapi import APIRouter, Response

from services.gateway.disclose import part_unavailable, release
from services.gateway.guards import MayAnswerForAgency
from services.gateway.parts import Parts
from services.gateway.schemas.office import OfficeView
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/worklists", tags=["worklists"])


@router.get("/office", response_model=OfficeView)
async def read_office(acting: MayAnswerForAgency, parts: Parts) -> Response:
    """What waits for the caller, what is due first in front: overrides to confirm, broken glass to review;
    for information officers bars, drafts to approve or publish and agreements that end within thirty days
    too, and for them and safeguarding leads receipts held back."""
    try:
        # Gathered before it is decided whether the caller's access is in force, like everything shown.
        found = holding(await parts.upstreams.read("consent", "/office", acting), "waiting", "may")
    except Unreachable:
        raise part_unavailable() from None
    answer = await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_OFFICE), LedgerAction.LIST)
    content = {**found, "notice": parts.notice, "decision": decision_card(answer, acting.purpose)}
    return release(acting, content)
