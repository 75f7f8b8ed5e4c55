"""Alerts over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.alerts import operations
from services.consent.alerts.operations import AlertsAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/alerts")
async def read_alerts(caller: InsideCaller, parts: ServiceParts, ask: AlertsAsk) -> Response:
    return json_response(await parts.store.write(operations.read_alerts, parts.extra.decisions, caller, ask))
