"""How a promise stands, for every page that shows some: pure."""

from collections.abc import Mapping
from typing import Any

OVER = frozenset({"done", "not_done", "ended", "declined", "kept", "missed"})
"""How a promise stands for which nobody waits any more."""
HIDDEN = "Details not shown"
ANSWERS: Mapping[str, str] = {
    "accepted": "Accepted",
    "accepted_in_part": "Accepted in part",
    "declined": "Declined",
}
"""What the agency that is to owe an action said to that."""
_SAID = frozenset({"kept", "missed"})
_COLOURS = {"done": "green", "kept": "green", "missed": "red", "not_done": "red"}


def stands(fields: Mapping[str, Any]) -> str:
    """What those said of a pledge to whom it was given, and else what its agency says of the action."""
    pledge = fields.get("pledge")
    return str(pledge if pledge in _SAID else fields.get("status", "agreed"))


def colour_of(status: str) -> str:
    return _COLOURS.get(status, "grey")


def words_of(fields: Mapping[str, Any]) -> str:
    """What was promised, as far as the reader is shown it."""
    return fields.get("action") or fields.get("promise") or fields.get("desired_outcome") or HIDDEN
