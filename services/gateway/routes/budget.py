"""The budget of a lead professional who holds one. Nobody needs one to lead."""

from collections.abc import Collection, Mapping
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import DeedOf, Seen, part_unavailable, release
from services.gateway.family_facts import check_subjects
from services.gateway.following_up import must_see
from services.gateway.guards import Acting, MayDoCasework, MayReadCases
from services.gateway.labels import of_kind
from services.gateway.paging import AskedPage, by
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.projection import Shown
from services.gateway.schemas.budget import BudgetView, StreamsView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from services.gateway.views import entries_view
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.problems import conflict
from shared.records.budget import (
    MoneyReason,
    MoneyReturn,
    NewAllocation,
    NewPurchase,
    NewStream,
    Spending,
)
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Level
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["budget"])
_BUDGET = "/cases/{case}/budget"
_ALLOCATION, _PURCHASE = "budget_allocation", "purchase"
_KINDS = (_ALLOCATION, _PURCHASE)
_HELD = ("allocations", "rules", "actions", "may")
_OFFERS: Mapping[str, Deed] = {
    "order": Deed.SPEND_BUDGET,
    "return": Deed.ALLOCATE_BUDGET,
    "signature": Deed.SIGN_PURCHASE,
    "refusal": Deed.SIGN_PURCHASE,
    "spending": Deed.SETTLE_PURCHASE,
    "release": Deed.SETTLE_PURCHASE,
}
"""What may be done to money, with the deed that it is."""
Money = Mapping[str, Any]


@router.get("/budget-streams", response_model=StreamsView)
async def read_streams(acting: MayDoCasework, parts: Parts, asked: AskedPage) -> Response:
    """The streams of money that there are, with their rules, for whoever is in force."""
    page = asked.of(parts, acting, "budget-streams")
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_STREAMS), LedgerAction.LIST)
    try:
        listed = await parts.upstreams.read("case", "/budget-streams", acting)
    except Unreachable:
        raise part_unavailable() from None
    shown, footer = page.cut(listed, by("agency", "name", "id"))
    return release(acting, {"streams": shown, **footer})


@router.post("/budget-streams", status_code=201, response_model=Done)
async def open_stream(acting: MayDoCasework, parts: Parts, new: NewStream) -> Response:
    """Give money, with the rules by which it is spent."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_BUDGET))
    content = new.model_dump(mode="json")
    outcome = await parts.upstreams.write("case", "POST", "/budget-streams", acting, content)
    return created(outcome, "/v1/budget-streams")


@router.post("/budget-streams/{stream}/closing", response_model=Done)
async def close_stream(stream: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Allocate nothing more from a stream."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ADMINISTER_BUDGET))
    path = f"/budget-streams/{id_or_nowhere(stream)}/closing"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))


@router.get(_BUDGET, response_model=BudgetView)
async def read_budget(case: str, acting: MayReadCases, parts: Parts) -> Response:
    """The money of a case, and what it bought, as far as the caller may see it."""
    money = await _read_money(parts, acting, case)
    shows = of_kind(*_KINDS)
    seen = await parts.disclosure.see_case(case, acting, shows=shows, place_free="staff", offers=True)
    view = entries_view(seen, acting.purpose, parts.notice, area="budget", kinds=_KINDS)
    budget = _by_allocation(seen, view.pop("entries"), money, acting.caller.agency)
    return release(acting, {**budget, **view})


async def _read_money(parts: GatewayParts, acting: Acting, case: str) -> Money:
    try:
        path = f"/cases/{id_or_nowhere(case)}/budget"
        return holding(await parts.upstreams.read("case", path, acting), *_HELD)
    except Unreachable:
        raise part_unavailable() from None


def _by_allocation(seen: Seen, shown: list[Shown], money: Money, agency: str) -> Shown:
    """A balance tells of every purchase behind it, so it is for those alone whose purchases these are: the
    agency that gave the money, and the one that holds it."""
    allocations = [entry for entry in shown if entry["kind"] == _ALLOCATION]
    purchases = [entry for entry in shown if entry["kind"] == _PURCHASE]
    theirs = {e["id"] for e in seen.entries if agency in (e["owner"], e["accountable"])}
    known = {allocation["id"] for allocation in allocations}
    return {
        "allocations": [
            {
                "allocation": one,
                **_for_those_whose_it_is(one, money, theirs),
                "purchases": [
                    _purchase(seen, each, money, agency)
                    for each in purchases
                    if _allocation_of(each) == one["id"]
                ],
                "may": _offered(seen, one, money, agency),
            }
            for one in allocations
        ],
        "others": [
            _purchase(seen, each, money, agency) for each in purchases if _allocation_of(each) not in known
        ],
    }


def _for_those_whose_it_is(one: Shown, money: Money, theirs: Collection[str]) -> Shown:
    is_told = one["id"] in theirs and one["level"] == Level.FULL.word
    return {
        "balance": money["allocations"].get(one["id"]) if is_told else None,
        "rules": money["rules"].get(one["id"]) if is_told else None,
    }


def _offered(seen: Seen, one: Shown, money: Money, agency: str) -> list[str]:
    """What both the decision and what is kept of the money let the caller do; nothing is ordered in a case
    that is closed."""
    is_open = seen.bundle["case"]["state"] == "open"
    kept = [what for what in money["may"].get(one["id"], ()) if is_open or what != "order"]
    return [what for what in kept if _let(seen, one, what, agency)]


def _let(seen: Seen, one: Shown, what: str, agency: str) -> bool:
    """Whoever settles what another agency pays for leads, as they who order do: that they may settle
    something in this case can come from what their own agency pays for."""
    needed = {_OFFERS[what]}
    if _OFFERS[what] is Deed.SETTLE_PURCHASE and not _pays(seen, one["id"], agency):
        needed.add(Deed.SPEND_BUDGET)
    return needed <= {*seen.answer.may}


def _pays(seen: Seen, purchase: str, agency: str) -> bool:
    found = seen.entry(purchase)
    return found is not None and found[0]["accountable"] == agency


def _allocation_of(purchase: Shown) -> Any:
    return purchase["fields"].get("allocation")


def _purchase(seen: Seen, purchase: Shown, money: Money, agency: str) -> Shown:
    action = money["actions"].get(purchase["id"])
    visible = action is not None and purchase["level"] == Level.FULL.word and seen.entry(action) is not None
    return {
        "purchase": purchase,
        "action": action if visible else None,
        "may": _offered(seen, purchase, money, agency),
    }


@router.post(f"{_BUDGET}/allocations", status_code=201, response_model=Done)
async def allocate(case: str, acting: MayDoCasework, parts: Parts, new: NewAllocation) -> Response:
    """Give the lead professional of a case money of one's own agency's stream."""
    seen = await _see(parts, acting, case, deed(Deed.ALLOCATE_BUDGET))
    lead = seen.bundle["lead"]
    if lead is None:
        raise conflict("Nobody leads this case yet who could hold a budget. Nominate a lead professional.")
    check_subjects(seen, new.subjects, "subjects")
    content = {**new.model_dump(mode="json"), "held_by": lead["agency"]}
    outcome = await parts.upstreams.write("case", "POST", f"{_path(seen)}/allocations", acting, content)
    return created(outcome, f"/v1/cases/{case}/budget")


@router.post(f"{_BUDGET}/allocations/{{allocation}}/return", response_model=Done)
async def give_back(
    case: str, allocation: str, acting: MayDoCasework, parts: Parts, body: MoneyReturn
) -> Response:
    """Take what is free back into its stream (the agency that gave it)."""
    seen = await _see(parts, acting, case, deed(Deed.ALLOCATE_BUDGET))
    seen.named(allocation, _ALLOCATION)
    path = f"{_path(seen)}/allocations/{allocation}/return"
    return json_response(await parts.upstreams.write("case", "POST", path, acting, _json(body)))


@router.post(f"{_BUDGET}/purchases", status_code=201, response_model=Done)
async def order(case: str, acting: MayDoCasework, parts: Parts, new: NewPurchase) -> Response:
    """Bind money to something that is to be bought, with what the person wishes."""
    seen = await _see(parts, acting, case, deed(Deed.SPEND_BUDGET))
    must_see(seen, new.allocation, "allocation", "an allocation", kind=_ALLOCATION)
    if new.action is not None:
        must_see(seen, new.action, "action", "an action", kind="action")
    check_subjects(seen, new.subjects, "subjects")
    outcome = await parts.upstreams.write("case", "POST", f"{_path(seen)}/purchases", acting, _json(new))
    return created(outcome, f"/v1/cases/{case}/budget")


@router.post(f"{_BUDGET}/purchases/{{purchase}}/signature", response_model=Done)
async def sign(case: str, purchase: str, acting: MayDoCasework, parts: Parts) -> Response:
    """The second signature: a manager of the agency that pays, who did not order it."""
    return await _about(parts, acting, case, purchase, about_entry(Deed.SIGN_PURCHASE, purchase), "signature")


@router.post(f"{_BUDGET}/purchases/{{purchase}}/refusal", response_model=Done)
async def refuse(
    case: str, purchase: str, acting: MayDoCasework, parts: Parts, body: MoneyReason
) -> Response:
    """Not sign, and say why. What was bound is free again."""
    signs = about_entry(Deed.SIGN_PURCHASE, purchase)
    return await _about(parts, acting, case, purchase, signs, "refusal", _json(body))


@router.post(f"{_BUDGET}/purchases/{{purchase}}/spending", response_model=Done)
async def spend(case: str, purchase: str, acting: MayDoCasework, parts: Parts, body: Spending) -> Response:
    """Say what it cost. What is left of what was bound is free again."""
    settles = about_entry(Deed.SETTLE_PURCHASE, purchase)
    return await _about(parts, acting, case, purchase, settles, "spending", _json(body))


@router.post(f"{_BUDGET}/purchases/{{purchase}}/release", response_model=Done)
async def give_up(
    case: str, purchase: str, acting: MayDoCasework, parts: Parts, body: MoneyReason
) -> Response:
    """Not buy it after all, and say why. What was bound is free again. Who leads and holds the money does;
    once nobody of that agency leads, a manager of the agency that pays."""
    settles = about_entry(Deed.SETTLE_PURCHASE, purchase)
    return await _about(parts, acting, case, purchase, settles, "release", _json(body))


async def _about(
    parts: GatewayParts,
    acting: Acting,
    case: str,
    purchase: str,
    wanted: DeedOf,
    what: str,
    content: Any = None,
) -> Response:
    seen = await _see(parts, acting, case, wanted)
    seen.named(purchase, _PURCHASE)
    path = f"{_path(seen)}/purchases/{purchase}/{what}"
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))


async def _see(parts: GatewayParts, acting: Acting, case: str, wanted: DeedOf) -> Seen:
    return await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=wanted)


def _path(seen: Seen) -> str:
    return f"/cases/{seen.bundle['case']['id']}/budget"


def _json(body: Any) -> Any:
    return body.model_dump(mode="json")
