"""What each service may see of a family, for the family, over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.family_sheet import operations
from shared.explanations import FamilySightAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/family-sheet/who-can-see")
async def who_can_see(caller: InsideCaller, parts: ServiceParts, asked: FamilySightAsk) -> Response:
    """A line for each service; null when there is nothing here for the caller."""
    told = await parts.store.write(operations.who_can_see, parts.extra.decisions, caller, asked)
    return json_response(told)
