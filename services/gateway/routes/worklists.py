"""What is to be done over many cases: what one's agency promised, and what falls vacant with somebody."""

from collections.abc import Collection
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from services.gateway.disclose import Seen, part_unavailable, release
from services.gateway.guards import Acting, MayDoCasework, MaySeeGaps
from services.gateway.labels import Shows, of_ids
from services.gateway.listing import decide_listed, may_be_listed
from services.gateway.parts import GatewayParts, Parts
from services.gateway.projection import project_entry
from services.gateway.schemas.work import GapsView, PromisesView
from services.gateway.upstreams import holding
from services.gateway.views import case_card, decision_card
from shared.disclosure import DeedAsk
from shared.records.base import UserId
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["worklists"])
Limit = Annotated[int, Query(ge=1, le=100)]
Whose = Literal["mine", "agency"]
User = Annotated[UserId, Path()]
_READ_AHEAD = 100
_NAMES = frozenset({"name", "birth"})
_WHAT_FALLS_VACANT = ("lead", "nomination", "deputy", "promises")


@router.get("/worklists/promises", response_model=PromisesView)
async def read_promises(
    acting: MayDoCasework,
    parts: Parts,
    whose: Whose = "agency",
    overdue: bool = False,
    limit: Limit = 50,
    cursor: str | None = None,
) -> Response:
    """What the acting agency owes still, or the caller for it, first what is due first; with ``overdue`` only
    what should have been done by now. Only what the caller may see of it is there."""
    query = f"worklists/promises?whose={whose}&overdue={str(overdue).lower()}"
    place = parts.cursors.open(cursor, acting.caller, query) if cursor else None
    answer = await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_WORKLIST), LedgerAction.LIST)
    asked = {"whose": whose, "overdue": overdue}
    found = await _visible_promises(parts, acting, asked, limit + 1, place)
    page, more = found[:limit], len(found) > limit
    shown = []
    if page:
        # What was looked at to fill the page is decided once more, so that one receipt names what is shown.
        bundles = list({promise["case"]: bundle for promise, bundle in page}.values())
        decided = await decide_listed(parts, acting, bundles, of_ids(promise["entry"] for promise, _ in page))
        seen = {one.bundle["case"]["id"]: one for one in decided if one is not None}
        lines = [(promise, seen.get(promise["case"])) for promise, _ in page]
        shown = [line for promise, one in lines if one is not None and (line := _line(promise, one))]
        answer = next((one.answer for one in seen.values()), answer)
    last = {"due_on": page[-1][0]["due_on"], "id": page[-1][0]["entry"]} if more else None
    following = parts.cursors.seal(last, acting.caller, query) if last else None
    content = {
        "promises": shown,
        "next": f"/v1/{query}&limit={limit}&cursor={following}" if following else None,
        "cursor": following,
        "notice": parts.notice,
        "decision": decision_card(answer, acting.purpose),
    }
    return release(acting, content)


def _line(promise: Any, seen: Seen) -> dict[str, Any] | None:
    known = seen.entry(promise["entry"])
    shown = None if known is None else project_entry(*known)
    return None if shown is None else {"case": promise["case"], "due_on": promise["due_on"], "entry": shown}


async def _visible_promises(
    parts: GatewayParts, acting: Acting, asked: dict[str, Any], wanted: int, place: Any
) -> list[tuple[Any, Any]]:
    """The promises from ``place`` on that the caller may see, with their cases, as many as wanted or are."""
    found: list[tuple[Any, Any]] = []
    while True:
        content = {**asked, "after": place, "limit": _READ_AHEAD}
        page = await _ask(parts, acting, "/promises/mine", content, "promises")
        decided = await decide_listed(parts, acting, page["bundles"], of_ids(()))
        seen = {one.bundle["case"]["id"]: one for one in decided if one is not None}
        bundles = {bundle["case"]["id"]: bundle for bundle in page["bundles"]}
        for promise in page["promises"]:
            one = seen.get(promise["case"])
            if one is not None and one.entry(promise["entry"]) is not None:
                found.append((promise, bundles[promise["case"]]))
        place = page["after"]
        if place is None or len(found) >= wanted:
            return found[:wanted]


@router.get("/users/{user:path}/gaps", response_model=GapsView)
async def read_gaps(
    user: User, acting: MaySeeGaps, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What falls vacant with somebody of the acting agency who leaves, has left or is suspended: in which
    cases they lead, are asked to or stand in, and what they promised to do."""
    query = f"users/{user}/gaps"
    place = parts.cursors.open(cursor, acting.caller, query) if cursor else None
    asked = DeedAsk(deed=Deed.READ_GAPS, target_agency=acting.caller.agency)
    await parts.disclosure.permit(acting, asked, LedgerAction.LIST)
    found = await _visible_gaps(parts, acting, user, limit + 1, place)
    page, more = found[:limit], len(found) > limit
    following = parts.cursors.seal(page[-1]["case"]["id"], acting.caller, query) if more else None
    content = {
        "user": user,
        "gaps": page,
        "next": f"/v1/{query}?limit={limit}&cursor={following}" if following else None,
        "cursor": following,
        "notice": parts.notice,
    }
    return release(acting, content)


async def _visible_gaps(
    parts: GatewayParts, acting: Acting, user: str, wanted: int, place: Any
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        content = {"user": user, "after": place, "limit": min(wanted, _READ_AHEAD)}
        page = await _ask(parts, acting, "/gaps", content, "gaps")
        promised = {entry for gap in page["gaps"].values() for entry in gap["promise"]}
        decided = await decide_listed(parts, acting, page["bundles"], _names_and(promised))
        gaps = [_gap(one, page["gaps"]) for one in decided if one is not None and may_be_listed(one)]
        found += [gap for gap in gaps if any(gap[what] for what in _WHAT_FALLS_VACANT)]
        place = page["after"]
        if place is None or len(found) >= wanted:
            return found[:wanted]


def _names_and(promised: Collection[str]) -> Shows:
    return lambda entry: entry.get("kind") in _NAMES or entry["id"] in promised


def _gap(seen: Seen, gaps: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    gap = gaps[seen.bundle["case"]["id"]]
    return {
        "case": case_card(seen),
        "lead": bool(gap["lead"]),
        "nomination": bool(gap["nomination"]),
        "deputy": bool(gap["deputy"]),
        "promises": [entry for entry in gap["promise"] if seen.entry(entry) is not None],
    }


async def _ask(parts: GatewayParts, acting: Acting, path: str, content: Any, name: str) -> dict[str, Any]:
    try:
        return holding(await parts.upstreams.ask("case", path, acting, content), "bundles", name, "after")
    except Unreachable:
        raise part_unavailable() from None
