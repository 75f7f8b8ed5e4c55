"""A request sent again that is refused by now because of what it did the first time: it is answered as it
was then (design 3.5)."""

from typing import Any

from services.gateway.guards import Acting
from services.gateway.parts import GatewayParts
from shared.problems import Problem


async def as_answered_before(
    refused: Problem, parts: GatewayParts, acting: Acting, path: str, content: Any
) -> Any:
    """The outcome, of ids and states, of this very request to the case service, sent before by this caller
    with the same key; else what it was ``refused`` with is raised.

    Only a 403 is looked behind: what is hidden from the caller by now is the 404 of what is absent.
    """
    if refused.kind != "forbidden" or acting.idempotency_key is None:
        raise refused
    try:
        return await parts.upstreams.write("case", "POST", path, acting, content, replay_only=True)
    except Problem as unknown:
        raise unknown if unknown.kind == "unavailable" else refused from None
