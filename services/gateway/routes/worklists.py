"""What is to be done over many cases: what one's agency promised, and what falls vacant with somebody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response

from services.gateway.cards import named_cards, on_card
from services.gateway.disclose import Seen, part_unavailable, release
from services.gateway.guards import Acting, MayDoCasework, MaySeeGaps
from services.gateway.labels import Shows
from services.gateway.listing import Found, decide_listed, decide_shown, find_listed, may_be_listed
from services.gateway.paging import Limit, Pages, refilled
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
Whose = Literal["mine", "agency"]
User = Annotated[UserId, Path()]
_READ_AHEAD = 100
_NAMES = frozenset({"name", "birth"})
_WHAT_FALLS_VACANT = ("lead", "nomination", "deputy", "review", "promises", "meetings")


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
    what should have been done by now. Only what the caller may see of it is there, and whose cases it is in,
    where they may see that."""
    chosen = {"whose": whose, "overdue": str(overdue).lower()}
    pages = Pages(parts, acting, "worklists/promises", limit, chosen)
    place = pages.place(cursor)
    answer = await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_WORKLIST), LedgerAction.LIST)

    async def read(place: Any) -> tuple[list[_Owed], Any]:
        return await _visible_promises(parts, acting, {"whose": whose, "overdue": overdue}, place)

    page, after = await refilled(acting, limit, place, read, _place)
    # What was looked at to fill the page is decided once more, so that one receipt names what is shown.
    shown = _shown(page)
    decided = await decide_shown(parts, acting, list(shown.values()))
    seen = dict(zip(shown, decided, strict=True))
    lines = [(owed, one) for owed in page if (one := seen[owed.decided_as]) is not None]
    answer = next((one.answer for _, one in lines), answer)
    cards = ((seen[place], on_card(found.seen)) for place, (found, _) in shown.items())
    content = {
        "promises": [line for owed, one in lines if (line := _line(owed, one))],
        "cases": named_cards(cards),
        **pages.footer(after),
        "decision": decision_card(answer, acting.purpose),
    }
    return release(acting, content)


@dataclass(frozen=True, slots=True)
class _Owed:
    """A promise that the caller sees, with the case that it is in; ``alone``: with nothing else of it."""

    promise: Any
    found: Found
    alone: bool

    @property
    def id(self) -> str:
        return str(self.promise["entry"])

    @property
    def decided_as(self) -> str:
        return self.id if self.alone else str(self.promise["case"])


def _shown(page: Sequence[_Owed]) -> dict[str, tuple[Found, set[str]]]:
    """By what it is decided as, each case of a page with the entries that the page shows of it."""
    shown: dict[str, tuple[Found, set[str]]] = {}
    for owed in page:
        _, entries = shown.setdefault(owed.decided_as, (owed.found, set(on_card(owed.found.seen))))
        entries.add(owed.id)
    return shown


def _place(owed: _Owed) -> dict[str, Any]:
    return {"due_on": owed.promise["due_on"], "id": owed.id}


def _line(owed: _Owed, seen: Seen) -> dict[str, Any] | None:
    known = seen.entry(owed.id)
    shown = None if known is None else project_entry(*known)
    if shown is None:
        return None
    relationship = seen.bundle["relationship"]
    return {
        "case": owed.promise["case"],
        "relationship": relationship,
        "due_on": owed.promise["due_on"],
        "alone": owed.alone,
        "entry": shown,
    }


async def _visible_promises(
    parts: GatewayParts, acting: Acting, asked: dict[str, Any], place: Any
) -> tuple[list[_Owed], Any]:
    """The next promises from ``place`` on that the caller may see, with their cases, and where they end."""
    content = {**asked, "after": place, "limit": _READ_AHEAD}
    page = await _ask(parts, acting, "/promises/mine", content, "promises", "alone")
    apart = page["alone"]
    listed = {promise["case"] for promise in page["promises"] if promise["entry"] not in apart}
    bundles = [bundle for bundle in page["bundles"] if bundle["case"]["id"] in listed]
    found = await find_listed(parts, acting, bundles, list(apart.values()))
    places = [*(bundle["case"]["id"] for bundle in bundles), *apart]
    of = dict(zip(places, found, strict=True))
    owed = [
        _Owed(promise, one, promise["entry"] in apart)
        for promise in page["promises"]
        if (one := of[promise["entry"] if promise["entry"] in apart else promise["case"]]) is not None
    ]
    return [one for one in owed if one.found.seen.entry(one.id) is not None], page["after"]


@router.get("/users/{user:path}/gaps", response_model=GapsView)
async def read_gaps(
    user: User, acting: MaySeeGaps, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What falls vacant with somebody of the acting agency who leaves, has left or is suspended: in which
    cases they lead, are asked to or stand in, own the next review, are in the chair of a meeting, and what
    they promised to do. Where nobody of the agency is on the team any more that is all, since the agency owes
    it still (``alone``)."""
    pages = Pages(parts, acting, f"users/{user}/gaps", limit)
    place = pages.place(cursor)
    asked = DeedAsk(deed=Deed.READ_GAPS, target_agency=acting.caller.agency)
    await parts.disclosure.permit(acting, asked, LedgerAction.LIST)

    async def read(place: Any) -> tuple[list[dict[str, Any]], Any]:
        return await _visible_gaps(parts, acting, user, min(limit + 1, _READ_AHEAD), place)

    page, after = await refilled(acting, limit, place, read, lambda gap: gap["case"]["id"])
    content = {"user": user, "gaps": page, **pages.footer(after)}
    return release(acting, content)


async def _visible_gaps(
    parts: GatewayParts, acting: Acting, user: str, limit: int, place: Any
) -> tuple[list[dict[str, Any]], Any]:
    asked = {"user": user, "after": place, "limit": limit}
    page = await _ask(parts, acting, "/gaps", asked, "gaps", "alone")
    named = {entry for gap in page["gaps"].values() for entry in (*gap["promise"], *gap["meeting"])}
    bundles, alone = page["bundles"], page["alone"]
    shows = _names_and(named)
    decided = await decide_listed(parts, acting, bundles, shows, alone=list(alone.values()))
    exist = [one if one is not None and may_be_listed(one) else None for one in decided]
    whole = {_case_of(one): one for one in exist[: len(bundles)] if one is not None}
    apart: dict[str, list[Seen]] = {}
    for one in exist[len(bundles) :]:
        if one is not None:
            apart.setdefault(_case_of(one), []).append(one)
    gaps = []
    for case, gap in page["gaps"].items():
        if case in whole:
            gaps.append(_gap(whole[case], gap))
        elif case in apart:
            gaps.append(_owed_gap(apart[case], gap["promise"]))
    return [gap for gap in gaps if any(gap[what] for what in _WHAT_FALLS_VACANT)], page["after"]


def _case_of(seen: Seen) -> str:
    return str(seen.bundle["case"]["id"])


def _names_and(named: Collection[str]) -> Shows:
    return lambda entry: entry.get("kind") in _NAMES or entry["id"] in named


def _owed_gap(seen: Sequence[Seen], promised: Sequence[str]) -> dict[str, Any]:
    """What an agency owes still in a case of which its people see nothing else (decision 40)."""
    nothing = dict.fromkeys(("lead", "nomination", "deputy", "review"), False)
    owed = [entry for entry in promised if any(one.entry(entry) is not None for one in seen)]
    return {"case": case_card(seen[0]), "alone": True, **nothing, "promises": owed, "meetings": []}


def _gap(seen: Seen, gap: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "case": case_card(seen),
        "alone": False,
        "lead": bool(gap["lead"]),
        "nomination": bool(gap["nomination"]),
        "deputy": bool(gap["deputy"]),
        "review": bool(gap["review"]),
        "promises": [entry for entry in gap["promise"] if seen.entry(entry) is not None],
        "meetings": [entry for entry in gap["meeting"] if seen.entry(entry) is not None],
    }


async def _ask(parts: GatewayParts, acting: Acting, path: str, content: Any, *names: str) -> dict[str, Any]:
    try:
        return holding(await parts.upstreams.ask("case", path, acting, content), "bundles", "after", *names)
    except Unreachable:
        raise part_unavailable() from None
