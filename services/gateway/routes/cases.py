"""Cases: my caseload, the composed view, opening, closing, the timeline."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any, Literal

from fastapi import APIRouter, Response

from services.gateway.deeds import deed, reopen
from services.gateway.disclose import PlaceFree, Seen, decision_unavailable, part_unavailable, release
from services.gateway.following_up import read_follow_up
from services.gateway.guards import Acting, MayDoCasework, MayReadEntries
from services.gateway.labels import nothing, of_ids, of_kind
from services.gateway.listing import decide_listed, may_be_listed, may_be_listed_to_family
from services.gateway.paging import AskedPage, Limit, Pages, refilled
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.projection import told_apart
from services.gateway.replays import as_answered_before
from services.gateway.routes.people import exists_or_invalid
from services.gateway.schemas.views import CaseloadView, CaseView, Done, TimelineView
from services.gateway.upstreams import holding
from services.gateway.views import case_card, case_view, timeline_of, timeline_view
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.problems import Problem, invalid
from shared.records.cases import (
    CaseClosure,
    CaseReopening,
    ClosureToStore,
    NewCase,
    NewCaseSubject,
)
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Role
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases", tags=["cases"])

NAMES = of_kind("name", "birth")
"""What a line of a list shows of a case."""
_place = itemgetter(0)

Filter = Literal["mine", "team", "no_lead", "review_overdue", "closed"]


@router.get("", response_model=CaseloadView)
async def my_caseload(
    acting: MayReadEntries,
    parts: Parts,
    filter: Filter = "mine",
    limit: Limit = 50,
    cursor: str | None = None,
) -> Response:
    """The open cases with which the caller has to do, and those that an override of their own opened, by
    review date; for a member of the family those that they may read about themselves, their child or whoever
    they care for, closed ones too. A co-ordinator's cases without a lead are everybody's, longest vacant
    first. ``closed``: those that are closed by now, the latest first. Hidden ones are not counted or skipped:
    they are not there."""
    pages = Pages(parts, acting, "cases", limit, {"filter": filter})
    queue = filter == "no_lead" and acting.caller.role == Role.COORDINATOR
    read = vacancies_page if queue else closed_page if filter == "closed" else caseload_page
    shown, after = await read(parts, acting, filter, limit, pages.place(cursor))
    content = {"cases": [case_card(one) for one in shown], **pages.footer(after)}
    return release(acting, content)


async def caseload_page(
    parts: GatewayParts, acting: Acting, filter: str, limit: int, place: Any
) -> tuple[list[Seen], Any]:
    """Decided cases from ``place`` on, and where the next page begins."""
    if acting.caller.role == Role.FAMILY_MEMBER:
        # As they may read each of them, so that the list is those that they may read (GET /cases/{case}).
        asked: dict[str, Any] = {"filter": filter}
        return await _refilled(
            parts, acting, "/caseload", asked, limit, place, place_of, may_be_listed_to_family, "all"
        )
    asked = {"filter": filter, "also": await _opened_by_own_overrides(parts, acting)}
    return await _refilled(parts, acting, "/caseload", asked, limit, place, place_of)


async def vacancies_page(
    parts: GatewayParts, acting: Acting, _: str, limit: int, place: Any
) -> tuple[list[Seen], Any]:
    """Decided cases that nobody leads, whosever they are, and where the next page begins."""
    return await _refilled(parts, acting, "/vacancies", {}, limit, place, _vacancy_of, may_be_listed)


async def closed_page(
    parts: GatewayParts, acting: Acting, _: str, limit: int, place: Any
) -> tuple[list[Seen], Any]:
    """Decided cases that are closed, the latest first, and where the next page begins."""
    is_family = acting.caller.role == Role.FAMILY_MEMBER
    listed = may_be_listed_to_family if is_family else may_be_listed
    place_free: PlaceFree = "all" if is_family else "no"
    return await _refilled(
        parts, acting, "/caseload/closed", {}, limit, place, _closed_place, listed, place_free
    )


async def _refilled(
    parts: GatewayParts,
    acting: Acting,
    path: str,
    asked: dict[str, Any],
    limit: int,
    place: Any,
    place_after: Callable[[Seen], Any],
    listed: Callable[[Seen], bool] = lambda _: True,
    place_free: PlaceFree = "no",
) -> tuple[list[Seen], Any]:
    """Decided cases of a list of the case service; what is hidden is made up for until the page is full."""

    async def read(place: Any) -> tuple[list[Seen], Any]:
        content = {**asked, "after": place, "limit": min(limit + 1, 100)}
        try:
            page = holding(await parts.upstreams.ask("case", path, acting, content), "bundles", "after")
        except Unreachable:
            raise part_unavailable() from None
        decided = await decide_listed(parts, acting, page["bundles"], NAMES, place_free)
        return [one for one in decided if one is not None and listed(one)], page["after"]

    return await refilled(acting, limit, place, read, place_after)


def _closed_place(seen: Seen) -> dict[str, Any]:
    case = seen.bundle["case"]
    return {"closed_at": case["closed_at"], "id": case["id"]}


def _vacancy_of(seen: Seen) -> dict[str, Any]:
    case = seen.bundle["case"]
    return {"since": case["vacant_since"], "id": case["id"]}


async def _opened_by_own_overrides(parts: GatewayParts, acting: Acting) -> list[str]:
    """The cases that overrides in force put on the caller's list; whether they see them is decided after."""
    try:
        own = await parts.upstreams.ask("consent", "/overrides/own", acting, None)
        cases: list[str] = holding(own, "cases")["cases"]
    except Unreachable:
        raise decision_unavailable() from None
    return cases


def place_of(seen: Seen) -> dict[str, Any]:
    case = seen.bundle["case"]
    return {"review_on": case["review_on"], "id": case["id"]}


@router.post("", status_code=201, response_model=Done)
async def open_case(acting: MayDoCasework, parts: Parts, new: NewCase) -> Response:
    """Open a case around a person; the opener is the first member of its team."""
    await parts.disclosure.see_person(
        new.person, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.OPEN_CASE)
    )
    for number, person in enumerate(new.other_subjects):
        await exists_or_invalid(parts, acting, person, f"other_subjects.{number}")
    outcome = await parts.upstreams.write("case", "POST", "/cases", acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{outcome['id']}")


@router.get("/{case}", response_model=CaseView)
async def read_case(case: str, acting: MayReadEntries, parts: Parts) -> Response:
    """The case on one page: who leads, the team, every entry that the caller may see, and what happened
    lately."""
    seen = await parts.disclosure.see_case(case, acting, place_free="all", offers=True)
    return release(acting, case_view(seen, acting.purpose, parts.notice))


@router.get("/{case}/timeline", response_model=TimelineView)
async def read_timeline(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """What happened, newest first, as far as the caller may see it."""
    page = asked.of(parts, acting, f"cases/{case}/timeline")
    gathered, _ = await parts.disclosure.gather(case, acting)
    # Which entries a page tells of hangs on what else happened then: it is decided first, and once more for
    # the receipt that names them and no others; always, or how many receipts a timeline leaves would hang on
    # how much there is that its reader does not see.
    seen = await parts.disclosure.see_gathered(gathered, acting, shows=nothing, place_free="staff")
    told, footer = page.cut(told_apart(timeline_of(seen)), _place, newest_first=True)
    on_page = {_place(event) for event in told}
    shows = of_ids(event["entry"] for _, event in told if "entry" in event)
    seen = await parts.disclosure.see_gathered(gathered, acting, shows=shows, place_free="staff")
    events = [event for place, event in told_apart(timeline_of(seen)) if place in on_page]
    return release(acting, {**timeline_view(seen, events, acting.purpose, parts.notice), **footer})


@router.post("/{case}/subjects", status_code=201, response_model=Done)
async def add_subject(case: str, acting: MayDoCasework, parts: Parts, new: NewCaseSubject) -> Response:
    """Add a person whom the case is about too, such as a brother or a parent; who is not recorded yet is
    recorded with it. Search first: one person is one record."""
    await _may(parts, acting, case, Deed.CONTRIBUTE)
    if new.person is not None:
        await exists_or_invalid(parts, acting, new.person, "person")
    else:
        await parts.disclosure.permit(acting, DeedAsk(deed=Deed.CREATE_PERSON))
    outcome = await _write(parts, acting, case, "subjects", new)
    return created(outcome, f"/v1/cases/{case}")


@router.post("/{case}/closure", response_model=Done)
async def close_case(case: str, acting: MayDoCasework, parts: Parts, closure: CaseClosure) -> Response:
    """Close a case, with the reason and with what becomes of every promise that is open. Of what the caller
    does not see they are not asked: it ends with the case, and whoever owes it is told."""
    kept = await read_follow_up(parts, acting, case)
    seen = await _may(parts, acting, case, Deed.CLOSE_CASE)
    for number, ending in enumerate(closure.promises):
        if seen.entry(ending.promise) is None:
            message = "Name an open promise of this case that you can see."
            raise invalid(f"promises.{number}.promise", message)
    hidden = [promise for promise in kept["promises"] if seen.entry(promise) is None]
    to_store = ClosureToStore(**closure.model_dump(), not_shown=tuple(hidden))
    return json_response(await _write(parts, acting, case, "closure", to_store))


@router.post("/{case}/reopening", response_model=Done)
async def reopen_case(case: str, acting: MayDoCasework, parts: Parts, reopening: CaseReopening) -> Response:
    """Open a closed case again, with the reason."""
    reopens = reopen(acting.caller.agency)
    try:
        await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=reopens)
    except Problem as refused:
        path, content = f"/cases/{id_or_nowhere(case)}/reopening", reopening.model_dump(mode="json")
        return json_response(await as_answered_before(refused, parts, acting, path, content))
    return json_response(await _write(parts, acting, case, "reopening", reopening))


async def _may(parts: GatewayParts, acting: Acting, case: str, name: Deed) -> Seen:
    return await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(name))


async def _write(parts: GatewayParts, acting: Acting, case: str, what: str, body: Any) -> dict[str, Any]:
    content = body.model_dump(mode="json")
    outcome: dict[str, Any] = await parts.upstreams.write(
        "case", "POST", f"/cases/{case}/{what}", acting, content
    )
    return outcome
