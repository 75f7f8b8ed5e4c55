"""Who can see, and what if, over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.who_can_see import operations
from shared.explanations import WhatIfAsk, WhoCanSeeAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/who-can-see")
async def who_can_see(caller: InsideCaller, parts: ServiceParts, asked: WhoCanSeeAsk) -> Response:
    return json_response(
        await parts.store.write(operations.who_can_see, parts.extra.decisions, caller, asked)
    )


@router.post("/what-if")
async def what_if(caller: InsideCaller, parts: ServiceParts, asked: WhatIfAsk) -> Response:
    return json_response(await parts.store.write(operations.what_if, parts.extra.decisions, caller, asked))
