"""The case on one page."""

from fastapi import APIRouter, Response

from clients.practitioner.paging import MOST
from clients.practitioner.presenters.case import case_page_of
from clients.practitioner.presenters.to_do import alerts_of_case
from clients.practitioner.visit import SignedIn
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}")


@router.get("")
async def case_page(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    names = await visit.agency_names()
    domains = await visit.parts.instruments.domains(visit.get)
    return visit.page("case.html", case=case_page_of(view, names, visit.today, domains))


@router.get("/alerts")
async def alerts(case: Id, visit: SignedIn) -> Response:
    """What its lead should look at: apart from the case, which is opened far more often than there is any."""
    told = await visit.get("/v1/alerts", case=case, limit=MOST)
    return visit.page("alerts.html", case=case, alerts=alerts_of_case(told), notice=told["notice"])
