"""Bars and the protected address."""

from typing import Any

from tests.gateway.household import SCHOOL, YOT, House

BARS = "/v1/cases/{case}/bars"
LIFTING, REVIEW = ("POST", f"{BARS}/{{bar}}/lifting"), ("POST", f"{BARS}/{{bar}}/review")
OPERATIONS = (("GET", "/v1/bars"), ("GET", BARS), ("POST", BARS), LIFTING, REVIEW)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS = frozenset(OPERATIONS)


def ids(house: House) -> dict[str, str]:
    """Nobody barred anybody in this household, so no bar has this id."""
    return {"bar": house.exclusion}


def a_bar(**changes: Any) -> dict[str, Any]:
    """A court order that stops the youth offending team, changed as told."""
    return {
        "kind": "court_order", "agencies": [YOT], "categories": ["health"],
        "legal_reference": "Order 17/2031", "review_on": "2031-09-01", "reason": "The court said so.",
        "custodian": {"name": "Duty manager", "telephone": "01632 960200", "agency": SCHOOL},
        **changes,
    }  # fmt: skip


def bodies(_: House) -> dict[tuple[str, str], Any]:
    return {
        ("POST", BARS): a_bar(),
        LIFTING: {"reason": "The order was discharged."},
        REVIEW: {"review_on": "2031-12-01"},
    }
