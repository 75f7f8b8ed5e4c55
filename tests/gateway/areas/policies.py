"""Policies and their drafts."""

import json
from pathlib import Path
from typing import Any

from tests.gateway.household import House

_DATA = Path(__file__).parents[3] / "services/consent/policy_data"
_DIGEST = "0" * 64
POLICY = "/v1/policies/{version}"
DRAFT = "/v1/policies/drafts/{draft}"

OPERATIONS = (
    ("GET", "/v1/policies"),
    ("GET", "/v1/policies/drafts"),
    ("POST", "/v1/policies/drafts"),
    ("GET", DRAFT),
    ("PUT", DRAFT),
    ("DELETE", DRAFT),
    ("POST", f"{DRAFT}/simulation"),
    ("POST", f"{DRAFT}/approval"),
    ("POST", f"{DRAFT}/publication"),
    ("GET", POLICY),
    ("GET", f"{POLICY}/matrix"),
    ("GET", f"{POLICY}/differences/{{other}}"),
    ("POST", f"{POLICY}/restoration"),
)
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS = frozenset(OPERATIONS)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset({("DELETE", DRAFT)})


def ids(house: House) -> dict[str, str]:
    return {"draft": house.case, "other": "1"}


def bodies(house: House) -> dict[tuple[str, str], Any]:
    return {
        ("POST", "/v1/policies/drafts"): {"from_version": 1, "why": "Nurses ask for more"},
        ("PUT", DRAFT): {"why": "Nurses ask for more", "document": document(), "goldens": goldens()},
        ("POST", f"{DRAFT}/simulation"): {"pages": 5},
        ("POST", f"{DRAFT}/approval"): {"digest": _DIGEST},
        ("POST", f"{DRAFT}/publication"): {"digest": _DIGEST, "published_from": "2031-06-01T00:00:00Z"},
        ("POST", f"{POLICY}/restoration"): {"why": "It was better before"},
    }


def document() -> dict[str, Any]:
    """The default policy."""
    found: dict[str, Any] = json.loads((_DATA / "default-1.json").read_text("utf-8"))
    return found


def goldens() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((_DATA / "golden-1.json").read_text("utf-8"))
    return found
