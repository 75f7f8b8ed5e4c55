"""Reading composed views in the journeys' words."""

from typing import Any


def headlines(view: dict[str, Any]) -> dict[str, str]:
    """The strengths and needs that a view shows: headline to level."""
    return {
        entry["fields"]["headline"]: entry["level"]
        for entry in view["areas"]["assessment"]
        if "headline" in entry["fields"]
    }


def of_kind(view: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The entries of one kind, in the order shown."""
    return [entry for entries in view["areas"].values() for entry in entries if entry["kind"] == kind]


def kinds(view: dict[str, Any]) -> set[str]:
    """Every kind of entry that a view shows anything of."""
    return {entry["kind"] for entries in view["areas"].values() for entry in entries}


def to_ask(view: dict[str, Any]) -> set[str]:
    """The agencies of which a view says that they hold more."""
    return {line["agency"] for line in view["not_available"]}


def content(view: dict[str, Any]) -> dict[str, Any]:
    """A view without the card of its own decision, to compare two readings."""
    return {name: part for name, part in view.items() if name != "decision"}
