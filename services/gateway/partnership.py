"""Which agencies there are, asked before a write names one."""

from collections.abc import Iterable

from services.gateway.disclose import part_unavailable
from services.gateway.guards import Acting
from services.gateway.parts import GatewayParts
from shared.problems import invalid
from shared.upstream import Unreachable


async def check_agencies(
    parts: GatewayParts, acting: Acting, agencies: Iterable[str], field: str = "accountable"
) -> None:
    """A 422 unless each of these agencies is in the partnership: somebody must be able to answer."""
    try:
        listed = await parts.upstreams.read("consent", "/agencies", acting)
    except Unreachable:
        raise part_unavailable() from None
    if not set(agencies) <= {agency["code"] for agency in listed}:
        raise invalid(field, "This agency is not in the partnership.")
