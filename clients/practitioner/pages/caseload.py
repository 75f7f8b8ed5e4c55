"""The first page: for strangers what this is, for everybody else their cases."""

from fastapi import APIRouter, Request, Response

from clients.practitioner.presenters.caseload import cases_of
from clients.practitioner.presenters.welcome import welcome_of
from clients.practitioner.visit import SignedIn, acting_visit, html, parts_of, see_other, session_of

router = APIRouter()
_BEGINS_ELSEWHERE = {
    "information_officer": "/office",
    "scrutineer": "/reports",
    "family_member": "/family/sheet",
}
_WITHOUT_CASES = frozenset({"agency_system"})
"""Roles that read nothing that has a page."""


@router.get("/")
async def first_page(request: Request, cursor: str | None = None) -> Response:
    session = session_of(request)
    if session.token is None:
        return html(request, "welcome.html", welcome=welcome_of(parts_of(request).settings.people))
    visit = acting_visit(request)
    if visit.acting.role in _BEGINS_ELSEWHERE:
        return see_other(_BEGINS_ELSEWHERE[visit.acting.role])
    if visit.acting.role in _WITHOUT_CASES:
        return visit.page("without_cases.html")
    answer = await visit.get("/v1/cases", cursor=cursor)
    return visit.page(
        "caseload.html", cases=cases_of(answer), cursor=answer["cursor"], notice=answer["notice"]
    )


@router.get("/closed-cases")
async def closed_cases(visit: SignedIn, cursor: str | None = None) -> Response:
    """Cases that are closed by now, to read what was, or to open one again."""
    answer = await visit.get("/v1/cases", filter="closed", cursor=cursor)
    return visit.page(
        "closed_cases.html", cases=cases_of(answer), cursor=answer["cursor"], notice=answer["notice"]
    )
