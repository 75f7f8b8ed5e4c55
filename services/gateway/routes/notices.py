"""Notices: something in a case waits for the caller. What it is they read under their own rights."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.gateway.disclose import decision_unavailable, part_unavailable, release
from services.gateway.guards import Acting, MayReadCases
from services.gateway.labels import nothing
from services.gateway.listing import decide_listed, may_be_listed
from services.gateway.parts import GatewayParts, Parts
from services.gateway.schemas.views import Done
from services.gateway.schemas.work import NoticesView
from services.gateway.upstreams import holding
from shared.ids import id_or_nowhere
from shared.upstream import Unreachable
from shared.vocabulary import NO_ANSWER, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["worklists"])
Limit = Annotated[int, Query(ge=1, le=100)]
_READ_AHEAD = 100


@router.get("/notices", response_model=NoticesView)
async def read_notices(
    acting: MayReadCases, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What waits for the caller, newest first: in which case, since when, of what kind; never its words."""
    return await _read(acting, parts, limit, cursor, "notices", answer=False)


@router.get("/worklists/awaiting-answer", response_model=NoticesView)
async def read_awaiting_answer(
    acting: MayReadCases, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """Of these, what the caller settles by saying yes or no: to lead, to take a referral, to come."""
    return await _read(acting, parts, limit, cursor, "worklists/awaiting-answer", answer=True)


async def _read(
    acting: Acting, parts: GatewayParts, limit: int, cursor: str | None, query: str, *, answer: bool
) -> Response:
    place = parts.cursors.open(cursor, acting.caller, query) if cursor else None
    page = await _of_cases_that_exist(parts, acting, limit + 1, place, answer=answer)
    more, page = len(page) > limit, page[:limit]
    last = {"raised_at": page[-1]["at"], "id": page[-1]["id"]} if more else None
    following = parts.cursors.seal(last, acting.caller, query) if last else None
    content = {
        "notices": [
            {name: notice[name] for name in ("id", "case", "kind", "about", "at")} for notice in page
        ],
        "next": f"/v1/{query}?limit={limit}&cursor={following}" if following else None,
        "cursor": following,
        "notice": parts.notice,
    }
    return release(acting, content)


async def _of_cases_that_exist(
    parts: GatewayParts, acting: Acting, wanted: int, place: Any, *, answer: bool
) -> list[Any]:
    """The notices from ``place`` on whose cases exist for the caller, as many as wanted or as there are."""
    found: list[Any] = []
    while True:
        asked = {"after": place, "limit": _READ_AHEAD, "answer": answer}
        try:
            answer = await parts.upstreams.ask("case", "/notices/mine", acting, asked)
            page = holding(answer, "notices", "bundles", "after")
        except Unreachable:
            raise part_unavailable() from None
        decided = await decide_listed(parts, acting, page["bundles"], nothing)
        exist = {one.bundle["case"]["id"] for one in decided if one is not None and may_be_listed(one)}
        found += await _unanswered(parts, acting, [n for n in page["notices"] if n["case"] in exist])
        place = page["after"]
        if place is None or len(found) >= wanted:
            return found[:wanted]


async def _unanswered(parts: GatewayParts, acting: Acting, notices: list[Any]) -> list[Any]:
    """Without those that say that nobody has answered yet where somebody has: an answer calls them off."""
    waiting = sorted({notice["case"] for notice in notices if notice["kind"] == NO_ANSWER})
    if not waiting:
        return notices
    try:
        told = await parts.upstreams.ask("consent", "/taking-part/answered", acting, {"cases": waiting})
        answered = set(holding(told, "answered")["answered"])
    except Unreachable:
        raise decision_unavailable() from None
    return [one for one in notices if one["kind"] != NO_ANSWER or one["case"] not in answered]


@router.post("/notices/{notice}/clearing", response_model=Done)
async def clear_notice(notice: str, acting: MayReadCases, parts: Parts) -> Response:
    """Take a notice off one's list."""
    known = id_or_nowhere(notice)
    case = await parts.disclosure.about(f"/notices/{known}", "case", acting)
    await parts.disclosure.see_case(case, acting, action=LedgerAction.LIST, shows=nothing)
    return json_response(await parts.upstreams.write("case", "POST", f"/notices/{known}/clearing", acting))
