"""Break-glass: only if somebody may come to harm before anybody can be asked."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.beside_case import lists_that_open
from services.gateway.deeds import deed
from services.gateway.disclose import Seen, part_unavailable, release
from services.gateway.guards import Acting, MayBreakGlass, MayReadCases, MayReviewBreakGlass
from services.gateway.openings import case_to_open, people_opened
from services.gateway.paging import AskedPage, by
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.routes.overrides import asked_by
from services.gateway.schemas.overrides import BreakGlassView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.problems import conflict, not_found
from shared.records.overrides import BreakGlassByDetails, BreakGlassReview, NewBreakGlass
from shared.records.people import PersonSearch
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["consent"])
_OF_CASE = "/cases/{case}/break-glass"


@router.get(_OF_CASE, response_model=BreakGlassView)
async def list_break_glass(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """Who broke the glass for this case, and why; for the user, those who answer for them, and the lead."""
    page = asked.of(parts, acting, f"cases/{case}/break-glass")
    listed = await parts.disclosure.read_beside_case(case, "break-glass", acting)
    shown, footer = page.cut(listed.rows, by("opened_at", "id"))
    content = {
        "break_glass": shown,
        "opens": lists_that_open("break-glass", acting.caller.role, case_exists=listed.case_exists),
        **footer,
        "decision": decision_card(listed.answer, acting.purpose),
    }
    return release(acting, content)


@router.post(_OF_CASE, status_code=201, response_model=Done)
async def break_glass(case: str, acting: MayBreakGlass, parts: Parts, new: NewBreakGlass) -> Response:
    """Open a case for 60 minutes. Your name and reason are recorded, and somebody else will check."""
    [seen] = await parts.disclosure.see_to_open([case], acting, _breaking(new))
    if seen is None:
        raise not_found()
    opened = await _open(parts, acting, new, [seen])
    return created(opened[0], f"/v1/cases/{case}")


@router.post("/break-glass", status_code=201, response_model=Done)
async def break_glass_by_details(acting: MayBreakGlass, parts: Parts, new: BreakGlassByDetails) -> Response:
    """The same by two identifying details: opens every open case of the one person whom they fit."""
    found = await _cases_of(parts, acting, new.person)
    cases = sorted({case for _, of_person in found for case in of_person})
    seen = await parts.disclosure.see_to_open(cases, acting, _breaking(new))
    known = {one.bundle["case"]["id"]: one for one in seen if one is not None}
    fitting = [
        of_them
        for person, of_person in found
        if (of_them := [known[c] for c in of_person if c in known and person in people_opened(known[c])])
    ]
    if not fitting:
        raise not_found()
    if len(fitting) > 1:
        raise conflict("More than one person fits. Give another detail, such as the NHS number.")
    opened = await _open(parts, acting, new, fitting[0])
    return created({"break_glass": opened}, f"/v1/cases/{opened[0]['case']}")


@router.post(f"{_OF_CASE}/{{break_glass}}/renewal", response_model=Done)
async def renew(case: str, break_glass: str, acting: MayBreakGlass, parts: Parts) -> Response:
    """Another 60 minutes for the same case, up to twelve hours in all."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.RENEW_BREAK_GLASS)
    )
    path = f"/cases/{seen.bundle['case']['id']}/break-glass/{id_or_nowhere(break_glass)}/renewal"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting))


@router.post(f"{_OF_CASE}/{{break_glass}}/review", response_model=Done)
async def review(
    case: str, break_glass: str, acting: MayReviewBreakGlass, parts: Parts, found: BreakGlassReview
) -> Response:
    """Say whether it was justified. If it was not, what is still open ends (``enforced_at``)."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.REVIEW_BREAK_GLASS))
    path = f"/cases/{id_or_nowhere(case)}/break-glass/{id_or_nowhere(break_glass)}/review"
    content = {"review": found.model_dump(mode="json"), "asked": asked_by(acting)}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


def _breaking(new: NewBreakGlass) -> DeedAsk:
    return DeedAsk(deed=Deed.BREAK_GLASS, for_user=new.for_user)


async def _cases_of(parts: GatewayParts, acting: Acting, search: PersonSearch) -> list[tuple[str, list[str]]]:
    """The people whom the details fit, each with their open cases; nobody may be told of them yet."""
    try:
        content = search.model_dump(mode="json", exclude_none=True)
        answer = await parts.upstreams.ask("case", "/people/search", acting, content)
        matches = holding(answer, "matches")["matches"]
    except Unreachable:
        raise part_unavailable() from None
    return [(match["person"], [case["id"] for case in match["open_cases"]]) for match in matches]


async def _open(
    parts: GatewayParts, acting: Acting, new: NewBreakGlass, seen: Sequence[Seen]
) -> list[dict[str, Any]]:
    content = {
        "cases": [case_to_open(one) for one in seen],
        "user": new.for_user or acting.caller.user,
        "reason": new.reason,
    }
    outcome = await parts.upstreams.write("consent", "POST", "/break-glass", acting, content)
    opened: list[dict[str, Any]] = outcome["break_glass"]
    return opened
