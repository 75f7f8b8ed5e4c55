"""The parts of a running gateway, for its routes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from services.gateway.cursors import Cursors
from services.gateway.disclose import Disclosure
from services.gateway.family_door import FamilySecrets
from services.gateway.upstreams import Upstreams
from shared.web import json_response


@dataclass(frozen=True, slots=True)
class GatewayParts:
    disclosure: Disclosure
    upstreams: Upstreams
    cursors: Cursors
    family_secrets: FamilySecrets
    notice: str


async def gateway_parts(request: Request) -> GatewayParts:
    parts: GatewayParts = request.app.state.parts
    return parts


Parts = Annotated[GatewayParts, Depends(gateway_parts)]


def created(outcome: dict[str, object], location: str) -> Response:
    """201 with what a write gave back: ids, versions and states, never content (design 3.5)."""
    return json_response(outcome, 201, {"Location": location})
