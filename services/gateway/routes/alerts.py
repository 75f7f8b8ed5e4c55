"""Alerts: something happened, look. What it was is read under one's own rights."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.gateway.disclose import decision_unavailable, release
from services.gateway.guards import MayReadCases
from services.gateway.parts import Parts
from services.gateway.schemas.overrides import AlertsView
from services.gateway.upstreams import holding
from shared.upstream import Unreachable
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["consent"])
Limit = Annotated[int, Query(ge=1, le=100)]
MESSAGE = "Something happened in this case that you should look at."
_QUERY = "alerts"
_WHERE = {
    "break_glass": "break-glass",
    "break_glass_review_overdue": "break-glass",
    "override_to_confirm": "overrides",
}
"""What each kind of alert wants looked at. One of an unknown kind points at the case itself."""


@router.get("/alerts", response_model=AlertsView)
async def read_alerts(
    acting: MayReadCases, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What the caller should look at, newest first: where, and nothing of what happened."""
    asked: dict[str, Any] = {
        "purpose": acting.purpose.value,
        "reason": acting.reason,
        "after": parts.cursors.open(cursor, acting.caller, _QUERY) if cursor else None,
        "limit": limit,
    }
    try:
        answer = await parts.upstreams.ask("consent", "/alerts", acting, asked)
        found = holding(answer, "alerts", "after", "receipt", "policy_version")
    except Unreachable:
        raise decision_unavailable() from None
    following = parts.cursors.seal(found["after"], acting.caller, _QUERY) if found["after"] else None
    content = {
        "alerts": [_shown(alert) for alert in found["alerts"]],
        "next": f"/v1/alerts?limit={limit}&cursor={following}" if following else None,
        "cursor": following,
        "notice": parts.notice,
        "decision": {
            "receipt": found["receipt"],
            "policy_version": found["policy_version"],
            "purpose": acting.purpose.value,
            "valid_until": None,
        },
    }
    return release(acting, content)


def _shown(alert: dict[str, Any]) -> dict[str, Any]:
    case, part = f"/v1/cases/{alert['case']}", _WHERE.get(alert["kind"])
    return {
        "id": alert["id"],
        "at": alert["at"],
        "case": alert["case"],
        "look_at": f"{case}/{part}" if part else case,
        "message": MESSAGE,
    }
