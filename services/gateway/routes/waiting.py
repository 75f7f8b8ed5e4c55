"""Everything that waits for somebody who works with families, of whatever kind, on one answer."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.disclose import release
from services.gateway.guards import Acting, MayDoCasework
from services.gateway.paging import Limit, Pages
from services.gateway.parts import GatewayParts, Parts
from services.gateway.routes.alerts import alert_shown, to_look_at
from services.gateway.routes.concerns import UNANSWERED
from services.gateway.routes.notices import notice_shown, told
from services.gateway.schemas.work import WaitingView
from shared.vocabulary import Level, Role
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/worklists", tags=["worklists"])
MOST_LEFT_TOO_LONG, MOST_ALERTS, MOST_CONCERNS = 20, 20, 20


@router.get("/waiting", response_model=WaitingView)
async def read_waiting(
    acting: MayDoCasework, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What waits for the caller, newest first: notices in pages, and with the first of these those of them
    that say that something was left too long, what was left longest first, what they should look at (alerts)
    and the concerns sent to their agency of which nobody said yet that they have them."""
    pages = Pages(parts, acting, "worklists/waiting", limit)
    page, after = await told(parts, acting, limit, pages.place(cursor))
    is_first = cursor is None
    content = {
        "notices": [notice_shown(one) for one in page],
        **pages.footer(after),
        "left_too_long": await _left_too_long(parts, acting) if is_first else [],
        "alerts": await _alerts(parts, acting) if is_first else [],
        "concerns": await _concerns(parts, acting) if is_first else [],
    }
    return release(acting, content)


async def _left_too_long(parts: GatewayParts, acting: Acting) -> list[dict[str, Any]]:
    page, _ = await told(parts, acting, MOST_LEFT_TOO_LONG, None, "left_too_long")
    return [notice_shown(one) for one in page]


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
