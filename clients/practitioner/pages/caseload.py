"""The first page: for strangers what this is, for everybody else their cases."""

from fastapi import APIRouter, Request, Response

from clients.practitioner.presenters.caseload import cases_of
from clients.practitioner.visit import SignedIn, Visit, html, parts_of, session_of

router = APIRouter()


@router.get("/")
async def first_page(request: Request) -> Response:
    session = session_of(request)
    if session.token is None:
        return html(request, "welcome.html", people=parts_of(request).settings.people)
    return await my_cases(Visit(request, parts_of(request), session))


async def my_cases(visit: SignedIn) -> Response:
    cursor = visit.request.query_params.get("cursor")
    answer = await visit.get("/v1/cases" + (f"?cursor={cursor}" if cursor else ""))
    return visit.page(
        "caseload.html", cases=cases_of(answer), cursor=answer["cursor"], notice=answer["notice"]
    )
