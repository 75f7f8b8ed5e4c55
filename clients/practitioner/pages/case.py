"""The case on one page."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.presenters.case import case_page_of
from clients.practitioner.presenters.to_do import alerts_of
from clients.practitioner.visit import SignedIn
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}")


@router.get("")
async def case_page(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    names = await visit.agency_names()
    domains = await visit.parts.instruments.domains(visit.get)
    # Whoever else is told of something in this case finds it among what waits for them: alerts of a case are
    # for its lead.
    leads = view["header"]["relationship"] == "lead"
    told: Any = await visit.get("/v1/alerts", case=case, limit="10") if leads else {"alerts": []}
    shown = case_page_of(view, names, visit.today, domains)
    return visit.page("case.html", case=shown, alerts=alerts_of(told))
