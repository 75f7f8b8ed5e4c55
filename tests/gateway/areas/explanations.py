"""Explanations, who-can-see and what-if."""

from typing import Any

from tests.gateway.household import YOT, House

CASE = "/v1/cases/{case}"
OPERATIONS = (
    ("POST", "/v1/explanations"),
    ("POST", "/v1/what-if"),
    ("GET", f"{CASE}/who-can-see"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS = frozenset({("POST", "/v1/explanations"), ("POST", "/v1/what-if")})


def ids(house: House) -> dict[str, str]:
    """No parameter of these paths is new."""
    return {}


def bodies(house: House) -> dict[tuple[str, str], dict[str, Any]]:
    supposed = {
        "kind": "add_permission", "subject": house.child, "agencies": [YOT], "categories": ["learning"],
    }  # fmt: skip
    return {
        ("POST", "/v1/explanations"): {"case": house.case},
        ("POST", "/v1/what-if"): {"case": house.case, "changes": [supposed]},
    }
