"""Reports with charts, for managers about their own agency and scrutineers about the partnership."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.downloads import download, download_address
from clients.practitioner.forms import FormState, errors_of
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.reports import BY, REPORTS, periods_of, report_of
from clients.practitioner.visit import Form, SignedIn, Visit

router = APIRouter(prefix="/reports")


@router.get("")
async def reports(visit: SignedIn) -> Response:
    listed = [(name, title) for name, (title, _) in REPORTS.items()]
    return visit.page("reports/list.html", reports=listed)


@router.get("/{report}")
async def report(report: str, visit: SignedIn, by: str = "", period: str = "") -> Response:
    """One report; how it is split and about what time stand in the address."""
    known, chosen = _chosen(visit, report, by, period)
    title, ways = REPORTS[known]
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
        periods=periods_of(visit.today, known),
        file=download_address(f"/reports/{known}", **chosen),
    )


def _chosen(visit: Visit, report: str, by: str, period: str) -> tuple[str, dict[str, str]]:
    """The report, how it is split and about what time; the first of each where nothing is chosen."""
    known = report if report in REPORTS else "cases-opened"
    ways, periods = REPORTS[known][1], periods_of(visit.today, known)
    return known, {"by": by or ways[0], "period": period or periods[0][0]}


@router.get("/{report}/download")
async def download_report(report: str, visit: SignedIn, by: str = "", period: str = "") -> Response:
    """The table as it stands on the report's page, with what is left out of it."""
    known, chosen = _chosen(visit, report, by, period)
    made = report_of(await visit.get(f"/v1/reports/{known}", **chosen), await visit.agency_names())
    rows = [*made.rows, [made.left_out]]
    return download(f"{known}-{chosen['period'].lower()}", made.columns, rows)
