"""Everything that waits for somebody who works with families, of whatever kind, on one answer."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.disclose import release
from services.gateway.guards import Acting, MayDoCasework
from services.gateway.paging import Limit, Pages
from services.gateway.parts import GatewayParts, Parts
from services.gateway.routes.alerts import alert_shown, to_look_at
from services.gateway.routes.concerns import UNANSWERED
from services.gateway.routes.notices import page_of_notices
from services.gateway.schemas.work import WaitingView
from shared.vocabulary import Level, Role
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/worklists", tags=["worklists"])
MOST_ALERTS, MOST_CONCERNS = 20, 20


@router.get("/waiting", response_model=WaitingView)
async def read_waiting(
    acting: MayDoCasework, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What waits for the caller, newest first: notices in pages, and on the first of these what they should
    look at (alerts) and the concerns sent to their agency of which nobody said yet that they have them."""
    pages = Pages(parts, acting, "worklists/waiting", limit)
    page = await page_of_notices(pages, cursor, answer=False)
    is_first = cursor is None
    content = {
        **page,
        "alerts": await _alerts(parts, acting) if is_first else [],
        "concerns": await _concerns(parts, acting) if is_first else [],
    }
    return release(acting, content)


async def _alerts(parts: GatewayParts, acting: Acting) -> list[dict[str, Any]]:
    kept, _ = await to_look_at(parts, acting, MOST_ALERTS, None)
    return [alert_shown(alert) for alert in kept[:MOST_ALERTS]]


async def _concerns(parts: GatewayParts, acting: Acting) -> list[dict[str, Any]]:
    """Those that the caller can read and so may say of that they have them; what they say is read there."""
    if acting.caller.role == Role.AGENCY_SYSTEM:
        return []
    page = await UNANSWERED.page(parts, acting, MOST_CONCERNS, None)
    return [
        {"id": shown["id"], "at": shown["recorded_at"]}
        for _, shown in page.lines
        if shown["level"] == Level.FULL.word
    ]
