"""What of a signed assessment is carried into the plan without retyping, and with which labels. Pure."""

from typing import Any

from services.gateway.disclose import Seen
from shared.disclosure import Entry
from shared.problems import conflict, invalid
from shared.records.plan import CarryOver
from shared.vocabulary import SENSITIVE, Category, Level


def carried_from(seen: Seen, carry: CarryOver, kind: str, what: str) -> list[Entry]:
    """The entries of a kind in a signed assessment that the caller sees in full; at least one."""
    envelope, _ = seen.named(carry.carry_over_from, "assessment")
    if envelope["fields"]["state"] != "signed":
        raise conflict(f"Only a signed assessment's {what} are carried over. Sign it first.")
    sources = [
        entry
        for entry, level in zip(seen.entries, seen.levels, strict=True)
        if entry["kind"] == kind and entry.get("part_of") == carry.carry_over_from and level == Level.FULL
    ]
    if not sources:
        raise invalid("carry_over_from", f"This assessment has no {what} that you see in full.")
    return sources


def source_of(entry: Entry) -> str:
    """The id under which it is known whether it was carried: an amended assessment has copies."""
    return entry.get("origin") or entry["id"]


def labels_of_source(entry: Entry, carry: CarryOver, agency: str) -> dict[str, Any]:
    """Whose what is carried is, about whom, and with which categories.

    It keeps its source's sensitive categories unless the agency that wrote it confirms that its wording
    reveals none (design 3.2): nobody takes a label off what another agency wrote.
    """
    keeps_sensitive = not carry.wording_reveals_nothing_sensitive or entry["owner"] != agency
    sensitive = sorted(SENSITIVE.intersection(map(Category, entry["categories"])))
    return {
        "source": source_of(entry),
        "owner": entry["owner"],
        "categories": [Category.PLAN.value, *(sensitive if keeps_sensitive else [])],
        "subjects": entry["subjects"],
    }
