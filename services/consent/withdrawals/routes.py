"""Withdrawals as they are heard, over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents.schemas import SpokenWithdrawalToRecord
from services.consent.withdrawals import operations
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/consents/withdrawals")
async def record_spoken_withdrawal(
    case: str, write: Write, parts: ServiceParts, withdrawal: SpokenWithdrawalToRecord
) -> Response:
    """Waits D whether or not it ended anything, so that the wait tells nothing."""
    decisions = parts.extra.decisions
    return created(
        await parts.take_away(write, operations.record_spoken_withdrawal, decisions, case, withdrawal)
    )
