"""The case on one page."""

from fastapi import APIRouter, Response

from clients.practitioner.presenters.case import case_page_of
from clients.practitioner.visit import SignedIn
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}")


@router.get("")
async def case_page(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    names = await visit.agency_names()
    domains = await visit.parts.instruments.domains(visit.get)
    return visit.page("case.html", case=case_page_of(view, names, visit.today, domains))
