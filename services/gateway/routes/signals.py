"""Small concerns, and the signal that several of them make together."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import Gathered, Seen, part_unavailable, release
from services.gateway.guards import Acting, MayBringToPanel, MaySendConcerns
from services.gateway.labels import of_kind
from services.gateway.paging import Limit, Pages, refilled
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.projection import person_card
from services.gateway.schemas.views import Done
from services.gateway.schemas.work import SignalsView
from services.gateway.upstreams import holding
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.records.small_concerns import NewSmallConcern, SignalClosing
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["signals"])
_READ_AHEAD = 100
_Listed = tuple[dict[str, Any], Seen]


@router.post("/people/{person}/small-concerns", status_code=201, response_model=Done)
async def record_small_concern(
    person: str, acting: MaySendConcerns, parts: Parts, new: NewSmallConcern
) -> Response:
    """Write down what worries one a little. It stays with one's own agency unless permission opens it; that
    several agencies worry brings the person to a panel, and nobody learns about what."""
    seen = await parts.disclosure.see_person(
        person, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.RECORD_SMALL_CONCERN)
    )
    path = f"/people/{seen.bundle['person']}/small-concerns"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/people/{person}")


@router.get("/signals", response_model=SignalsView)
async def read_signals(
    acting: MayBringToPanel, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """The people about whom several agencies are a little worried, whoever has waited longest first: who, and
    since when; never which agencies, how many, or about what (design 3.5 d)."""
    pages = Pages(parts, acting, "signals", limit)
    place = pages.place(cursor)
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_SIGNALS), LedgerAction.LIST)

    async def read(place: Any) -> tuple[list[_Listed], Any]:
        return await _of_people_who_exist(parts, acting, place)

    page, after = await refilled(acting, limit, place, read, _place)
    content = {
        "signals": [_card(signal, seen) for signal, seen in page],
        **pages.footer(after),
    }
    return release(acting, content)


def _place(line: _Listed) -> dict[str, Any]:
    return {name: line[0][name] for name in ("raised_at", "id")}


def _card(signal: dict[str, Any], seen: Seen) -> dict[str, Any]:
    return {
        "id": signal["id"],
        "person": person_card(signal["person"], seen.entries, seen.levels),
        "state": signal["state"],
        # The moment is that of somebody's small concern, and would tell who knows when theirs was written.
        "raised_on": signal["raised_at"][:10],
    }


async def _of_people_who_exist(parts: GatewayParts, acting: Acting, place: Any) -> tuple[list[_Listed], Any]:
    """The next signals from ``place`` on about people who exist for the caller, and where they end."""
    asked = {"after": place, "limit": _READ_AHEAD}
    try:
        answer = await parts.upstreams.ask("case", "/signals/open", acting, asked)
        page = holding(answer, "signals", "bundles", "after")
    except Unreachable:
        raise part_unavailable() from None
    gathered = [
        Gathered(bundle, bundle["entries"], shows=of_kind("name", "birth"), agency=acting.caller.agency)
        for bundle in page["bundles"]
    ]
    if not gathered:
        return [], page["after"]
    decided = await parts.disclosure.see_many(gathered, acting, LedgerAction.LIST)
    pairs = zip(page["signals"], decided, strict=True)
    return [(signal, seen) for signal, seen in pairs if seen is not None], page["after"]


@router.post("/signals/{signal}/taking-up", response_model=Done)
async def take_up(signal: str, acting: MayBringToPanel, parts: Parts) -> Response:
    """Say that one brings this person to one's panel."""
    known = await _signal(parts, acting, signal)
    return json_response(await parts.upstreams.write("case", "POST", f"/signals/{known}/taking-up", acting))


@router.post("/signals/{signal}/closing", response_model=Done)
async def close_signal(
    signal: str, acting: MayBringToPanel, parts: Parts, closing: SignalClosing
) -> Response:
    """Say what came of a signal."""
    known = await _signal(parts, acting, signal)
    content = closing.model_dump(mode="json")
    return json_response(
        await parts.upstreams.write("case", "POST", f"/signals/{known}/closing", acting, content)
    )


async def _signal(parts: GatewayParts, acting: Acting, signal: str) -> str:
    """A signal about somebody who exists for the caller; the same 404 for every other id."""
    known = id_or_nowhere(signal)
    person = await parts.disclosure.about(f"/signals/{known}", "person", acting)
    await parts.disclosure.see_person(
        person, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.ANSWER_SIGNAL)
    )
    return known
