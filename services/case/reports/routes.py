"""HTTP about reports."""

from fastapi import APIRouter, Response

from services.case.reports import operations
from services.case.reports.schemas import ReportAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/reports")
async def read_report(parts: ServiceParts, _: InsideCaller, body: ReportAsk) -> Response:
    return json_response(await parts.store.write(operations.read_report, body, parts.clock()))
