"""Bars: absolute stops, written by information officers, and lifted by two of them."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.beside_case import lists_that_open
from services.gateway.deeds import deed
from services.gateway.disclose import part_unavailable, release
from services.gateway.guards import Acting, InformationOfficer
from services.gateway.paging import AskedPage, by
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.bars import BarsInForceView, BarsView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.records.bars import BarLifting, BarReview, NewBar
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["consent"])
OF_CASE = "/cases/{case}/bars"


@router.get("/bars", response_model=BarsInForceView)
async def list_bars_in_force(
    acting: InformationOfficer, parts: Parts, asked: AskedPage, overdue: bool = False
) -> Response:
    """The bars in force that the officer looks after, oldest first; or those whose review is overdue. Not by
    the day of their review: a review moves it, between two pages too."""
    which = "true" if overdue else "false"
    page = asked.of(parts, acting, "bars", {"overdue": which})
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_BARS))
    try:
        listed = await parts.upstreams.read("consent", f"/bars?overdue={which}", acting)
    except Unreachable:
        raise part_unavailable() from None
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    return release(acting, {"bars": shown, **footer})


@router.get(OF_CASE, response_model=BarsView)
async def list_bars(case: str, acting: InformationOfficer, parts: Parts, asked: AskedPage) -> Response:
    """The bars about the people of a case that the officer looks after, and the ids of those people."""
    page = asked.of(parts, acting, f"cases/{case}/bars")
    reads = deed(Deed.READ_BARS)
    bundle, answer = await parts.disclosure.case_of_office(case, acting, LedgerAction.READ, reads)
    people = bundle["people"]
    listed = await parts.disclosure.read_list("/bars/list", acting, {"people": people})
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    content = {
        "people": people,
        "bars": shown,
        "opens": lists_that_open("bars", acting.caller.role, case_exists=any(answer.cases[0].levels)),
        **footer,
        "decision": decision_card(answer, acting.purpose),
    }
    return release(acting, content)


@router.post(OF_CASE, status_code=201, response_model=Done)
async def record_bar(case: str, acting: InformationOfficer, parts: Parts, new: NewBar) -> Response:
    """Record a bar. From ``enforced_at`` on nothing that it covers is shown to those whom it stops."""
    found, content = await _attended(parts, acting, case, Deed.RECORD_BAR, "bar", new)
    outcome = await parts.upstreams.write("consent", "POST", f"/cases/{found}/bars", acting, content)
    return created(outcome, f"/v1/cases/{case}/bars")


@router.post(f"{OF_CASE}/{{bar}}/lifting", response_model=Done)
async def lift_bar(
    case: str, bar: str, acting: InformationOfficer, parts: Parts, lifting: BarLifting
) -> Response:
    """Propose that a bar is lifted; said by a second officer as well, it is (``state``)."""
    found, content = await _attended(parts, acting, case, Deed.LIFT_BAR, "lifting", lifting)
    path = f"/cases/{found}/bars/{id_or_nowhere(bar)}/lifting"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


@router.post(f"{OF_CASE}/{{bar}}/review", response_model=Done)
async def review_bar(
    case: str, bar: str, acting: InformationOfficer, parts: Parts, review: BarReview
) -> Response:
    """Record that a bar was looked at and goes on, until the next review."""
    found, content = await _attended(parts, acting, case, Deed.RECORD_BAR, "review", review)
    path = f"/cases/{found}/bars/{id_or_nowhere(bar)}/review"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


async def _attended(
    parts: GatewayParts, acting: Acting, case: str, does: Deed, name: str, body: Any
) -> tuple[str, dict[str, Any]]:
    bundle, _ = await parts.disclosure.case_of_office(case, acting, LedgerAction.CONTRIBUTE, deed(does))
    return bundle["case"]["id"], {name: body.model_dump(mode="json"), "people": bundle["people"]}
