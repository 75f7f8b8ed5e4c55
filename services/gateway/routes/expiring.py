"""What runs out soon in the caller's own cases, or must be asked for again."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.gateway.disclose import decision_unavailable, release
from services.gateway.family_facts import reader_facts
from services.gateway.guards import MayDoCasework
from services.gateway.parts import Parts
from services.gateway.routes.cases import caseload_page, place_of
from services.gateway.schemas.answers import ExpiringView
from shared.upstream import Unreachable
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/consents", tags=["consent"])
Limit = Annotated[int, Query(ge=1, le=100)]
_QUERY = "consents/expiring"


@router.get("/expiring", response_model=ExpiringView)
async def list_expiring(
    acting: MayDoCasework, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """Permissions that end within thirty days, and answers that a birthday or a transfer makes one ask for
    again: of the open cases that exist for the caller, as far as they lead them or took the answer. ``limit``
    counts cases.
    """
    place = parts.cursors.open(cursor, acting.caller, _QUERY) if cursor else None
    seen = await caseload_page(parts, acting, "mine", limit + 1, place)
    looked_at, more = seen[:limit], len(seen) > limit
    asked: dict[str, Any] = {
        "cases": {one.bundle["case"]["id"]: reader_facts(one, acting) for one in looked_at}
    }
    try:
        listed = await parts.upstreams.ask("consent", "/consents/expiring", acting, asked)
    except Unreachable:
        raise decision_unavailable() from None
    following = parts.cursors.seal(place_of(looked_at[-1]), acting.caller, _QUERY) if more else None
    content = {
        "expiring": listed,
        "next": f"/v1/consents/expiring?limit={limit}&cursor={following}" if following else None,
        "cursor": following,
        "notice": parts.notice,
    }
    return release(acting, content)
