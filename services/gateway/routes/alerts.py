"""Alerts: something happened, look. What it was is read under one's own rights."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.disclose import decision_unavailable, part_unavailable, release
from services.gateway.guards import Acting, MayReadCases
from services.gateway.paging import Limit, Pages
from services.gateway.parts import GatewayParts, Parts
from services.gateway.schemas.overrides import AlertsView
from services.gateway.upstreams import holding
from services.gateway.views import receipt_card
from shared.ids import id_or_nowhere
from shared.pages import cut
from shared.upstream import Unreachable
from shared.vocabulary import LedgerAction
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["consent"])
MESSAGE = "Something happened in this case that you should look at."
_WHERE = {
    "break_glass": "break-glass",
    "break_glass_review_overdue": "break-glass",
    "override_to_confirm": "overrides",
    "override_lapsed": "overrides",
    "permission_to_recorder": "consents",
    "risk_question": "taking-part",
    "risk_question_overdue": "taking-part",
    "answers_differ": "conflicts",
    "answers_differ_overdue": "conflicts",
    "override_telling_due": "overrides",
    "authority_ended": "authorities",
}
"""What each kind of alert wants looked at. One of an unknown kind points at the case itself."""
_OF_THE_AGENCY = {"sharing_request": "/v1/sharing-requests", "hold_to_confirm": "/v1/ledger/holds"}
"""What is looked at in a list of the agency's, who may know nothing else of the case."""
_NAMES_NO_CASE = {"hold_to_confirm"}
_OF_THE_TEAM = {"permission_to_recorder", "authority_ended"}
"""Told to people of a team by name, and so to nobody who has left it since and for whom it is not there."""


@router.get("/alerts", response_model=AlertsView)
async def read_alerts(
    acting: MayReadCases,
    parts: Parts,
    case: str | None = None,
    limit: Limit = 50,
    cursor: str | None = None,
) -> Response:
    """What the caller should look at, newest first: where, and nothing of what happened. ``case``: in that
    one alone, and nothing in one that is not there."""
    chosen = {} if case is None else {"case": id_or_nowhere(case)}
    pages = Pages(parts, acting, "alerts", limit, chosen)
    place = pages.place(cursor)
    kept, found = await to_look_at(parts, acting, limit + 1, place, chosen.get("case"))
    page, last = cut(kept, limit)
    content = {
        "alerts": [alert_shown(alert) for alert in page],
        **pages.footer(None if last is None else [last["at"], last["id"]]),
        "decision": receipt_card(found["receipt"], found["policy_version"], acting.purpose),
    }
    return release(acting, content)


async def to_look_at(
    parts: GatewayParts, acting: Acting, wanted: int, place: Any, case: str | None = None
) -> tuple[list[Any], dict[str, Any]]:
    """The alerts from ``place`` on, as many as wanted or as there are, and the first answer that held any."""
    first, kept = None, list[Any]()
    leads = await _led_by_caller(parts, acting)
    while True:
        asked: dict[str, Any] = {
            "purpose": acting.purpose.value,
            "reason": acting.reason,
            "after": place,
            "limit": wanted - len(kept),
            "leads": leads,
            "case": case,
        }
        try:
            answer = await parts.upstreams.ask("consent", "/alerts", acting, asked)
            found = holding(answer, "alerts", "after", "receipt", "policy_version")
        except Unreachable:
            raise decision_unavailable() from None
        first = first or found
        kept += await _that_may_be_told(parts, acting, found["alerts"])
        place = found["after"]
        if place is None or len(kept) >= wanted:
            return kept, first


async def _led_by_caller(parts: GatewayParts, acting: Acting) -> list[str]:
    """The cases that the caller leads now: what is for their lead is for them, and no longer for another."""
    try:
        led: list[str] = holding(await parts.upstreams.read("case", "/leading", acting), "cases")["cases"]
    except Unreachable:
        raise part_unavailable() from None
    return led


async def _that_may_be_told(parts: GatewayParts, acting: Acting, alerts: list[Any]) -> list[Any]:
    """All of them but those that are told to nobody for whom their case does not exist (any more)."""
    cases = list(dict.fromkeys(alert["case"] for alert in alerts if alert["kind"] in _OF_THE_TEAM))
    seen = await parts.disclosure.see_cases(cases, acting, LedgerAction.LIST)
    exist = {case for case, one in zip(cases, seen, strict=True) if one is not None}
    return [alert for alert in alerts if alert["kind"] not in _OF_THE_TEAM or alert["case"] in exist]


def alert_shown(alert: dict[str, Any]) -> dict[str, Any]:
    """An alert as it leaves: where to look, and nothing of what happened."""
    case, part = f"/v1/cases/{alert['case']}", _WHERE.get(alert["kind"])
    if alert["kind"] in _OF_THE_AGENCY:
        case, part = _OF_THE_AGENCY[alert["kind"]], None
    return {
        "id": alert["id"],
        "at": alert["at"],
        "case": None if alert["kind"] in _NAMES_NO_CASE else alert["case"],
        "look_at": f"{case}/{part}" if part else case,
        "message": MESSAGE,
    }
