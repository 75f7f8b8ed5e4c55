"""What an agency owes where its people have nothing else of the case (decision 40): that action alone."""

from services.gateway.disclose import DeedOf, Gathered, PlaceFree, Seen
from services.gateway.guards import Acting
from services.gateway.labels import Shows, everything
from services.gateway.listing import gathered_alone
from services.gateway.parts import GatewayParts
from shared.ids import id_or_nowhere
from shared.vocabulary import LedgerAction


async def see_action(
    parts: GatewayParts,
    acting: Acting,
    case: str,
    action: str,
    *,
    doing: LedgerAction = LedgerAction.READ,
    deed: DeedOf | None = None,
    shows: Shows = everything,
    place_free: PlaceFree = "no",
) -> Seen:
    """A case with an action in it as this caller may see it, or, where they have to do with what their agency
    owes there and with nothing else, with that action alone. 404 and 403 as for any case."""
    alone = await _gather_alone(parts, acting, case, action, shows, place_free)
    if alone is not None:
        return await parts.disclosure.see_one(alone, acting, doing, deed)
    return await parts.disclosure.see_case(
        case, acting, action=doing, deed=deed, shows=shows, place_free=place_free
    )


async def _gather_alone(
    parts: GatewayParts, acting: Acting, case: str, action: str, shows: Shows, place_free: PlaceFree
) -> Gathered | None:
    path = f"/cases/{id_or_nowhere(case)}/promises/{id_or_nowhere(action)}/alone"
    bundle = await parts.disclosure.look_up_or_none(path, acting, "case", "entries", "relationship")
    return None if bundle is None else gathered_alone(bundle, acting, shows, place_free)
