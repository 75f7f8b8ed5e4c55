"""The decision over HTTP, inside. Parsed and serialised by pydantic directly: this is the hot path."""

from fastapi import Response
from pydantic import ValidationError

from services.consent.decisions.operations import decide_and_record
from shared.disclosure import DecisionAsk
from shared.identity import Caller
from shared.problems import Problem
from shared.service import Parts
from shared.web import StrictRequest, hot_route


async def decide(request: StrictRequest, caller: Caller) -> Response:
    parts: Parts = request.app.state.parts
    try:
        ask = DecisionAsk.model_validate_json(await request.body())
    except ValidationError:
        raise Problem("malformed", "The ask is not of the form that this service knows.") from None
    answer = await parts.store.write(decide_and_record, parts.extra.decisions, caller, ask)
    return Response(answer.model_dump_json(), media_type="application/json")


hot_routes = (hot_route("POST", "/decisions", decide),)
