"""Lists over several cases: gathered in one call to each service, and decided in one (design 3.3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.gateway.disclose import Gathered, PlaceFree, Seen, part_unavailable
from services.gateway.guards import Acting
from services.gateway.labels import Shows, nothing, of_ids
from services.gateway.parts import GatewayParts
from services.gateway.upstreams import holding
from shared.upstream import Unreachable
from shared.vocabulary import LedgerAction, Obligation, Relationship


async def decide_listed(
    parts: GatewayParts,
    acting: Acting,
    bundles: Sequence[dict[str, Any]],
    shows: Shows,
    place_free: PlaceFree = "no",
    alone: Sequence[dict[str, Any]] = (),
) -> list[Seen | None]:
    """What exists for the caller of these cases, as the case service gave them, in their order; None for each
    that does not. ``shows``: what a line of the list shows of a case. ``alone``: cases with one entry that is
    the caller's by itself, in the same decision, after the others."""
    return await _decide(parts, acting, await _gather(parts, acting, bundles, shows, place_free, alone))


@dataclass(frozen=True, slots=True)
class Found:
    """A case that exists for the caller, as it was gathered for a list, and what they see of it."""

    gathered: Gathered
    seen: Seen

    @property
    def case(self) -> str:
        return str(self.seen.bundle["case"]["id"])


async def find_listed(
    parts: GatewayParts,
    acting: Acting,
    bundles: Sequence[dict[str, Any]],
    alone: Sequence[dict[str, Any]] = (),
) -> list[Found | None]:
    """The same for a list of which it is not known yet what it shows: nothing is on the receipt of this."""
    gathered = await _gather(parts, acting, bundles, nothing, "no", alone)
    seen = await _decide(parts, acting, gathered)
    both = zip(gathered, seen, strict=True)
    return [None if one is None else Found(whole, one) for whole, one in both]


async def decide_shown(
    parts: GatewayParts, acting: Acting, shown: Sequence[tuple[Found, Collection[str]]]
) -> list[Seen | None]:
    """What was found, decided once more with the entries that the list shows of each case, by their ids: one
    receipt names these and no others."""
    gathered = [replace(found.gathered, shows=of_ids(entries)) for found, entries in shown]
    return await _decide(parts, acting, gathered)


async def _decide(parts: GatewayParts, acting: Acting, gathered: Sequence[Gathered]) -> list[Seen | None]:
    return await parts.disclosure.see_many(gathered, acting, LedgerAction.LIST) if gathered else []


async def _gather(
    parts: GatewayParts,
    acting: Acting,
    bundles: Sequence[dict[str, Any]],
    shows: Shows,
    place_free: PlaceFree,
    alone: Sequence[dict[str, Any]],
) -> list[Gathered]:
    gathered = await _whole(parts, acting, bundles, shows, place_free) if bundles else []
    return gathered + [gathered_alone(bundle, acting, shows, place_free) for bundle in alone]


def gathered_alone(
    bundle: dict[str, Any], acting: Acting, shows: Shows, place_free: PlaceFree = "no"
) -> Gathered:
    """A case with nothing in it but what the case service gave."""
    agency = acting.caller.agency
    return Gathered(bundle, bundle["entries"], shows=shows, agency=agency, place_free=place_free)


async def _whole(
    parts: GatewayParts,
    acting: Acting,
    bundles: Sequence[dict[str, Any]],
    shows: Shows,
    place_free: PlaceFree,
) -> list[Gathered]:
    cases = [bundle["case"]["id"] for bundle in bundles]
    try:
        labels = await parts.upstreams.ask("assessment", "/cases/labels", acting, {"cases": cases})
        holding(labels, *cases)
    except Unreachable:
        raise part_unavailable() from None
    return [
        Gathered(
            bundle,
            [*bundle["entries"], *labels[bundle["case"]["id"]]],
            shows=shows,
            agency=acting.caller.agency,
            place_free=place_free,
        )
        for bundle in bundles
    ]


def may_be_listed(seen: Seen) -> bool:
    """Whether a list may name a case to somebody who has nothing to do with it.

    That a family is known in this area tells those whom a protected address stops where to look.
    """
    return not seen.names_no_agency or seen.bundle["relationship"] != Relationship.NONE


def may_be_listed_to_family(seen: Seen) -> bool:
    """Whether the list of one of the family may name a case: whoever a protected address stops may know of
    it, and reads it without places, and would learn by the list that the family is known here."""
    return Obligation.KEEP_OFF_FAMILY_LIST not in seen.obligations
