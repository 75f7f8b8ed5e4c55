"""Notices: something in a case waits for the caller. What it is they read under their own rights.

A notice tells that there is what it is about, and since when something is to be done about it. So it is there
for those alone who see that entry, and the other one that it rests on (design 3.5). About the case as a whole
it says nothing but that somebody should look (an alarm); who works on it everybody knows for whom it exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Response

from services.gateway.disclose import Seen, decision_unavailable, part_unavailable, release
from services.gateway.guards import Acting, MayReadCases
from services.gateway.labels import nothing
from services.gateway.listing import Found, find_listed, may_be_listed
from services.gateway.owed import see_action
from services.gateway.paging import Limit, Pages, refilled
from services.gateway.parts import GatewayParts, Parts
from services.gateway.schemas.views import Done
from services.gateway.schemas.work import NoticesView
from services.gateway.upstreams import holding
from shared.ids import id_or_nowhere
from shared.problems import not_found
from shared.upstream import Unreachable
from shared.vocabulary import NO_ANSWER, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["worklists"])
_READ_AHEAD = 100
_ABOUT_WHO_WORKS_HERE = frozenset(
    {"nomination", "nomination_refused", "nomination_objected", "deputy", "deputy_gone", "invitation"}
)
"""Kinds of notices about no entry: about the lead, who stands in for them, and being invited oneself."""
Only = Literal["to_answer", "left_too_long"]
"""Which notices alone are asked for: what each kind says, the case service knows."""
_SHOWN = ("id", "case", "kind", "about", "at", "left_too_long")


@router.get("/notices", response_model=NoticesView)
async def read_notices(
    acting: MayReadCases, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What waits for the caller, newest first: in which case, since when, of what kind; never its words."""
    return await _read(acting, parts, limit, cursor, "notices")


@router.get("/worklists/awaiting-answer", response_model=NoticesView)
async def read_awaiting_answer(
    acting: MayReadCases, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """Of these, what the caller settles by saying yes or no: to lead, to take a referral, to come, to do what
    was agreed, to sign."""
    return await _read(acting, parts, limit, cursor, "worklists/awaiting-answer", "to_answer")


async def _read(
    acting: Acting,
    parts: GatewayParts,
    limit: int,
    cursor: str | None,
    path: str,
    only: Only | None = None,
) -> Response:
    pages = Pages(parts, acting, path, limit)
    page, after = await told(parts, acting, limit, pages.place(cursor), only)
    return release(acting, {"notices": [notice_shown(one) for one in page], **pages.footer(after)})


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that the caller may be told of; ``of``: its case, where more of that is theirs than what the
    notice is about."""

    notice: Any
    of: Found | None


async def told(
    parts: GatewayParts, acting: Acting, limit: int, place: Any, only: Only | None = None
) -> tuple[list[Told], Any]:
    """As many notices as a page holds from a place on that the caller may be told of, and the place behind
    which there are more: newest first, of what was left too long the oldest."""

    async def read(place: Any) -> tuple[list[Told], Any]:
        return await _that_may_be_told(parts, acting, place, only)

    return await refilled(acting, limit, place, read, _place)


def notice_shown(told: Told) -> dict[str, Any]:
    """A notice as it leaves: never what it is because of."""
    return {**{name: told.notice[name] for name in _SHOWN}, "alone": told.of is None}


def _place(told: Told) -> dict[str, Any]:
    return {"raised_at": told.notice["at"], "id": told.notice["id"]}


async def _that_may_be_told(
    parts: GatewayParts, acting: Acting, place: Any, only: Only | None
) -> tuple[list[Told], Any]:
    """The next notices from ``place`` on that the caller may be told of, and where they end."""
    asked = {"after": place, "limit": _READ_AHEAD, "only": only}
    try:
        found = await parts.upstreams.ask("case", "/notices/mine", acting, asked)
        page = holding(found, "notices", "bundles", "alone", "after")
    except Unreachable:
        raise part_unavailable() from None
    bundles, alone = page["bundles"], page["alone"]
    found = await find_listed(parts, acting, bundles, list(alone.values()))
    places = [*(bundle["case"]["id"] for bundle in bundles), *alone]
    both = zip(places, found, strict=True)
    exist = {place: one for place, one in both if one is not None and may_be_listed(one.seen)}
    seen = [notice for notice in page["notices"] if _is_told(notice, exist)]
    return [
        Told(notice, None if notice["about"] in alone else exist[notice["case"]])
        for notice in await _unanswered(parts, acting, seen)
    ], page["after"]


def _is_told(notice: Any, exist: Mapping[str, Found]) -> bool:
    """Whether a notice may be told by the case that it is in, or by what it is about, where that is all
    of the case that is the caller's."""
    found = (exist.get(notice["about"]), exist.get(notice["case"]))
    return any(one is not None and _may_be_told(notice, one.seen) for one in found)


def _may_be_told(notice: Any, seen: Seen) -> bool:
    """Whether the caller sees what a notice rests on. Of a kind that is not known here they do not."""
    if notice["because"] is not None and seen.entry(notice["because"]) is None:
        return False
    if notice["about"] == notice["case"] or notice["kind"] in _ABOUT_WHO_WORKS_HERE:
        return True
    return seen.entry(notice["about"]) is not None


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
    found = await parts.disclosure.look_up(f"/notices/{known}", acting, "case", "kind", "about", "because")
    seen = await see_action(
        parts, acting, found["case"], found["about"], doing=LedgerAction.LIST, shows=nothing
    )
    if not _may_be_told(found, seen):
        raise not_found()
    return json_response(await parts.upstreams.write("case", "POST", f"/notices/{known}/clearing", acting))
