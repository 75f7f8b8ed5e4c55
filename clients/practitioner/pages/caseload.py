"""The first page: for strangers what this is, for everybody else their cases."""

from fastapi import APIRouter, Request, Response

from clients.practitioner.presenters.caseload import cases_of
from clients.practitioner.visit import acting_visit, html, parts_of, see_other, session_of

router = APIRouter()
_WITHOUT_CASES = frozenset({"scrutineer", "agency_system"})
"""Roles that read figures, or nothing that has a page."""


@router.get("/")
async def first_page(request: Request, cursor: str | None = None) -> Response:
    session = session_of(request)
    if session.token is None:
        return html(request, "welcome.html", people=parts_of(request).settings.people)
    visit = acting_visit(request)
    if visit.acting.role == "family_member":
        return see_other("/family/sheet")
    if visit.acting.role in _WITHOUT_CASES:
        return visit.page("without_cases.html")
    answer = await visit.get("/v1/cases", cursor=cursor)
    return visit.page(
        "caseload.html", cases=cases_of(answer), cursor=answer["cursor"], notice=answer["notice"]
    )
