"""Reports with charts, for managers about their own agency and scrutineers about the partnership."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, errors_of
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.reports import BY, REPORTS, periods_of, report_of
from clients.practitioner.visit import Form, SignedIn

router = APIRouter(prefix="/reports")


@router.get("")
async def reports(visit: SignedIn) -> Response:
    listed = [(name, title) for name, (title, _) in REPORTS.items()]
    return visit.page("reports/list.html", reports=listed)


@router.get("/{report}")
async def report(report: str, visit: SignedIn, by: str = "", period: str = "") -> Response:
    """One report; how it is split and about what time stand in the address."""
    known = report if report in REPORTS else "cases-opened"
    title, ways = REPORTS[known]
    periods = periods_of(visit.today, known)
    chosen = {"by": by or ways[0], "period": period or periods[0][0]}
    answer: Any = None
    errors: dict[str, str] = {}
    try:
        answer = await visit.get(f"/v1/reports/{known}", **chosen)
    except Refused as refused:
        if refused.status not in (400, 422):
            raise
        errors = errors_of(refused, {})
    return visit.page(
        "reports/report.html",
        422 if errors else 200,
        title=title,
        report=None if answer is None else report_of(answer, await visit.agency_names()),
        state=FormState(Form(tuple(chosen.items())), errors),
        ways=[(way, BY[way]) for way in ways],
        periods=periods,
    )
