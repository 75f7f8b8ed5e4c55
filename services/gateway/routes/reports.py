"""Reports: figures in which nobody can be found (design 3.5 f)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from services.gateway.deeds import deed
from services.gateway.disclose import part_unavailable, release
from services.gateway.guards import MayReadReports, MayWriteEntries
from services.gateway.parts import Parts, created
from services.gateway.schemas.reports import CostsView, ReportView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.records.costs import ServiceCostFields
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Role
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["reports"])
Report = Literal[
    "cases-opened",
    "waits-for-a-lead",
    "cases-closed",
    "answers-to-referrals",
    "waits-for-an-answer",
    "answers-to-nominations",
    "costs",
]
By = Annotated[Literal["agency", "area", "need", "outcome"], Query()]
Period = Annotated[str, Query(max_length=10, description="A quarter such as 2026-Q3; of costs a year.")]


@router.get("/reports/{report}", response_model=ReportView | CostsView)
async def read_report(
    report: Report, acting: MayReadReports, parts: Parts, by: By, period: Period
) -> Response:
    """A report about a time that is over: for a manager about their own agency, for a scrutineer about the
    partnership. Groups of fewer than ten people are folded into others, and stay so."""
    asked = DeedAsk(deed=Deed.READ_REPORTS)
    answer = await parts.disclosure.permit(acting, asked, LedgerAction.LIST)
    scope = acting.caller.agency if acting.caller.role == Role.TEAM_MANAGER else ""
    content = {"report": report, "by": by, "period": period, "scope": scope}
    try:
        figures = await parts.upstreams.ask("case", "/reports", acting, content)
    except Unreachable:
        raise part_unavailable() from None
    shown = {
        "report": report,
        "by": by,
        "period": period,
        "agency": scope or None,
        **figures,
        "notice": parts.notice,
        "decision": decision_card(answer, acting.purpose),
    }
    return release(acting, shown)


@router.post("/cases/{case}/costs", status_code=201, response_model=Done, tags=["budget"])
async def record_cost(case: str, acting: MayWriteEntries, parts: Parts, new: ServiceCostFields) -> Response:
    """Record what one's own agency's work costs, so that who pays can be seen. It is added up in the report
    of the year in which it starts, or, where somebody has read that already, in that of the year in which it
    is recorded: a figure that was read and then grew would tell what one person costs."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    path = f"/cases/{seen.bundle['case']['id']}/costs"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}")
