"""Everything that waits for somebody who works with families, of whatever kind, on one answer."""

from collections.abc import Collection
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.cards import read_cards
from services.gateway.disclose import part_unavailable, release
from services.gateway.guards import Acting, MayDoCasework
from services.gateway.listing import Found, find_listed
from services.gateway.paging import Limit, Pages
from services.gateway.parts import GatewayParts, Parts
from services.gateway.routes.alerts import alert_shown, to_look_at
from services.gateway.routes.concerns import UNANSWERED
from services.gateway.routes.notices import Told, notice_shown, told
from services.gateway.schemas.work import WaitingView
from services.gateway.upstreams import holding
from shared.upstream import Unreachable
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
    and the concerns sent to their agency of which nobody said yet that they have them; and whose cases these
    are about, where the caller may see that."""
    pages = Pages(parts, acting, "worklists/waiting", limit)
    page, after = await told(parts, acting, limit, pages.place(cursor))
    is_first = cursor is None
    left_too_long = await _left_too_long(parts, acting) if is_first else []
    alerts = await _alerts(parts, acting) if is_first else []
    found = [one.of for one in (*left_too_long, *page) if one.of is not None]
    found += await _found(parts, acting, {alert["case"] for alert in alerts} - {one.case for one in found})
    content = {
        "notices": [notice_shown(one) for one in page],
        **pages.footer(after),
        "cases": await read_cards(parts, acting, found),
        "left_too_long": [notice_shown(one) for one in left_too_long],
        "alerts": [alert_shown(alert) for alert in alerts],
        "concerns": await _concerns(parts, acting) if is_first else [],
    }
    return release(acting, content)


async def _left_too_long(parts: GatewayParts, acting: Acting) -> list[Told]:
    page, _ = await told(parts, acting, MOST_LEFT_TOO_LONG, None, "left_too_long")
    return page


async def _alerts(parts: GatewayParts, acting: Acting) -> list[dict[str, Any]]:
    kept, _ = await to_look_at(parts, acting, MOST_ALERTS, None)
    return kept[:MOST_ALERTS]


async def _found(parts: GatewayParts, acting: Acting, cases: Collection[str]) -> list[Found]:
    """Those of these cases that exist for the caller: some are alerted who see nothing of the case."""
    if not cases:
        return []
    asked = {"cases": sorted(cases)}
    try:
        held = holding(await parts.upstreams.ask("case", "/cases/bundles", acting, asked), "bundles")
    except Unreachable:
        raise part_unavailable() from None
    return [one for one in await find_listed(parts, acting, held["bundles"]) if one is not None]


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
