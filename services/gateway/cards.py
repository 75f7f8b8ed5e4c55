"""Whose a line of a list is: the cards of the cases that the lines are about, as a list of cases has them."""

from collections.abc import Collection, Iterable

from services.gateway.disclose import Seen
from services.gateway.guards import Acting
from services.gateway.labels import of_ids
from services.gateway.listing import Found, decide_shown, may_be_listed
from services.gateway.parts import GatewayParts
from services.gateway.projection import Shown, on_person_card
from services.gateway.views import case_card


async def read_cards(parts: GatewayParts, acting: Acting, found: Iterable[Found]) -> list[Shown]:
    """The card of each of these cases whose name the caller may see, once, in their order.

    They are decided once more, so that one receipt names what stands on the cards and nothing else.
    """
    once: dict[str, Found] = {}
    for one in found:
        once.setdefault(one.case, one)
    shown = [(one, ids) for one in once.values() if (ids := on_card(one.seen))]
    seen = await decide_shown(parts, acting, shown)
    return named_cards((one, ids) for one, (_, ids) in zip(seen, shown, strict=True))


def on_card(seen: Seen) -> frozenset[str]:
    """The entries that say on a card whose a case is; none where a list may not name the case to the caller,
    or where they do not see a name."""
    if not may_be_listed(seen):
        return frozenset()
    standing = on_person_card(seen.bundle["person"], seen.entries, seen.levels)
    return frozenset(standing.values()) if "name" in standing else frozenset()


def named_cards(decided: Iterable[tuple[Seen | None, Collection[str]]]) -> list[Shown]:
    """The cards of cases as they were decided at last, made of nothing but the entries that their receipt
    names; none of a case whose name the caller does not see by then."""
    return [
        card
        for seen, ids in decided
        if seen is not None and may_be_listed(seen)
        if (card := case_card(seen, of_ids(ids)))["person"]["name"] is not None
    ]
