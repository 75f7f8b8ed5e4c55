"""What another agency would see, over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.seen_by import operations
from shared.disclosure import DecisionAnswer
from shared.explanations import SeenByAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/seen-by")
async def seen_by(caller: InsideCaller, parts: ServiceParts, asked: SeenByAsk) -> Response:
    """A decision; ``refused`` with the reason; null when there is nothing here for the caller."""
    answer = await parts.store.write(operations.seen_by, parts.extra.decisions, caller, asked)
    if isinstance(answer, DecisionAnswer):
        return Response(answer.model_dump_json(), media_type="application/json")
    return json_response(answer)
