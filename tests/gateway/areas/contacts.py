"""The contact log, life events, and offers that a manager opens again."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
CONTACTS = "/v1/cases/{case}/contacts"
LIFE_EVENTS = "/v1/cases/{case}/life-events"
REOPENING = f"{CONTACTS}/reopening"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", CONTACTS),
    ("POST", CONTACTS),
    ("POST", LIFE_EVENTS),
    ("POST", REOPENING),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()
ON_BEHALF = frozenset({("POST", CONTACTS), ("POST", LIFE_EVENTS)})


def ids(_: House) -> dict[str, str]:
    return {}


def contact(**changes: Any) -> Json:
    """Somebody rang, and nobody answered."""
    return {"when": "2031-03-01T09:00:00Z", "how": "telephone", "outcome": "no_answer", **changes}


def refused(**changes: Any) -> Json:
    """They were told what is offered, and said no."""
    explained = "What the service does, that it is free, and that no is an answer."
    return contact(outcome="informed_refusal", what_was_explained=explained, **changes)


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", CONTACTS): contact(),
        ("POST", LIFE_EVENTS): {"event": "moved_home", "happened_on": "2031-03-01"},
        ("POST", REOPENING): {"reason": "He was not told that it is free"},
    }
