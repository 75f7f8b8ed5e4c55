"""The lawful bases on which somebody may open what nobody permitted."""

from fastapi import APIRouter, Response

from services.gateway.disclose import decision_unavailable, release
from services.gateway.guards import MayRecordOverrides
from services.gateway.parts import Parts
from services.gateway.schemas.overrides import LawfulBasesView
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/lawful-bases", tags=["consent"])


@router.get("", response_model=LawfulBasesView)
async def list_bases(acting: MayRecordOverrides, parts: Parts) -> Response:
    """The lawful bases on which the caller may record an override, and until when at most (design 3.2)."""
    try:
        found = holding(await parts.upstreams.read("consent", "/lawful-bases", acting), "bases", "for_others")
    except Unreachable:
        raise decision_unavailable() from None
    answer = await parts.disclosure.permit(acting, DeedAsk(deed=Deed.RECORD_OVERRIDE), LedgerAction.LIST)
    content = {**found, "notice": parts.notice, "decision": decision_card(answer, acting.purpose)}
    return release(acting, content)
