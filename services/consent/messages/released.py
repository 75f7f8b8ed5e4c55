"""What left because of a permission, and to whom, as the ledger tells it (design 3.4). Pure.

It is what would have left without any statutory override: most of these are told to nobody whom this is told,
and each would show by what is missing or is too much. So what a permission gave counts where an override gave
the same or more besides, and what an override alone opened never does; a look that rests on both is one look.
Whoever came onto the team by an override alone is listed as everybody whom the permission names and who is on
the team: those to whom this is told see them on its roster, and the family is not told it here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.consent.ledger.receipts import WITHOUT_OVERRIDES
from shared.clock import rfc3339
from shared.vocabulary import Basis, Level

_STATUTORY = f"{Basis.STATUTORY}:"


@dataclass(slots=True)
class Released:
    """What one agency saw: categories, how often, since when, and when last. ``users`` are told to nobody."""

    agency: str
    first_at: datetime
    last_at: datetime
    times: int = 0
    categories: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        return {
            "agency": self.agency,
            "categories": sorted(self.categories),
            "times": self.times,
            "first_at": rfc3339(self.first_at),
            "last_at": rfc3339(self.last_at),
        }


def released_by(
    receipts: Iterable[Mapping[str, Any]],
    permissions: Collection[str],
    subject: str,
    categories: Collection[str],
    recipients: Collection[str],
) -> list[Released]:
    """By agency what these receipts released of these categories about a person on these permissions."""
    bases = {f"{Basis.PERMISSION.value}:{permission}" for permission in permissions}
    found: dict[str, Released] = {}
    for receipt in receipts:
        if receipt["agency"] not in recipients:
            continue
        seen = {
            category
            for case in receipt["cases"]
            for cell in case["cells"]
            if subject in cell["subjects"] and cell["entries"] and bases.intersection(_bases(cell))
            for category in cell["categories"]
            if category in categories
        }
        if seen:
            at = receipt["at"]
            part = found.setdefault(receipt["agency"], Released(receipt["agency"], at, at))
            part.first_at, part.last_at = min(part.first_at, at), max(part.last_at, at)
            part.times += 1
            part.categories |= seen
            part.users |= {user for user in (receipt["user"], receipt["on_behalf_of"]) if user is not None}
    return [found[agency] for agency in sorted(found)]


def _bases(cell: Mapping[str, Any]) -> Collection[str]:
    """On what something would have left without an override; where a receipt from before this was kept rests
    on one, nobody knows, and nothing is said of it."""
    besides = cell.get(WITHOUT_OVERRIDES)
    if besides is not None:
        return besides["bases"] if Level.from_word(besides["level"]) >= Level.SUMMARY else ()
    return () if any(basis.startswith(_STATUTORY) for basis in cell["bases"]) else cell["bases"]
