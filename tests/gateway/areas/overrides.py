"""Statutory overrides, break-glass and alerts."""

from typing import Any

from tests.gateway.household import House
from tests.support.gateway import START

Json = dict[str, Any]
OVERRIDES = "/v1/cases/{case}/overrides"
BREAK_GLASS = "/v1/cases/{case}/break-glass"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", OVERRIDES),
    ("POST", OVERRIDES),
    ("POST", f"{OVERRIDES}/{{override}}/confirmation"),
    ("POST", f"{OVERRIDES}/{{override}}/ending"),
    ("POST", f"{OVERRIDES}/{{override}}/telling"),
    ("GET", BREAK_GLASS),
    ("POST", BREAK_GLASS),
    ("POST", f"{BREAK_GLASS}/{{break_glass}}/renewal"),
    ("POST", f"{BREAK_GLASS}/{{break_glass}}/review"),
    ("POST", "/v1/break-glass"),
    ("GET", "/v1/alerts"),
    ("GET", "/v1/lawful-bases"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", f"{OVERRIDES}/{{override}}/confirmation"),
        ("POST", f"{BREAK_GLASS}/{{break_glass}}/renewal"),
    }
)
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/v1/lawful-bases"),
        ("POST", OVERRIDES),
        ("POST", f"{OVERRIDES}/{{override}}/confirmation"),
        ("POST", f"{OVERRIDES}/{{override}}/ending"),
        ("POST", f"{OVERRIDES}/{{override}}/telling"),
        ("POST", f"{BREAK_GLASS}/{{break_glass}}/review"),
    }
)
REFUSED_BY_ROLE: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", OVERRIDES),
        ("POST", f"{OVERRIDES}/{{override}}/telling"),
    }
)
OPENS_WHAT_IS_HIDDEN: frozenset[tuple[str, str]] = frozenset({("POST", BREAK_GLASS)})
USERS: dict[tuple[str, str], str] = {
    ("POST", OVERRIDES): "dev.patel",
    ("POST", f"{OVERRIDES}/{{override}}/ending"): "dev.patel",
    ("POST", f"{OVERRIDES}/{{override}}/telling"): "dev.patel",
    ("POST", f"{BREAK_GLASS}/{{break_glass}}/review"): "dev.patel",
}


def ids(house: House) -> dict[str, str]:
    return {"override": house.case, "break_glass": house.case}


def override(house: House, **changes: Any) -> Json:
    """An override of the school's own information for social care, as its information officer records it."""
    return {
        "lawful_basis": "section_47_enquiry",
        "reference": "S47-118",
        "reason": "A neighbour reported that the children are alone at night.",
        "recipients": {"agencies": ["harbour-social-care"]},
        "categories": ["learning", "parenting"],
        "purposes": ["safeguarding", "support"],
        "level": "full",
        "valid_until": START.replace(day=17).isoformat(),
        **changes,
    }


def bodies(house: House) -> dict[tuple[str, str], Json]:
    reason = {"reason": "The child is missing and it is getting dark."}
    return {
        ("POST", OVERRIDES): override(house),
        ("POST", f"{OVERRIDES}/{{override}}/ending"): {"reason": "The enquiry is over"},
        ("POST", f"{OVERRIDES}/{{override}}/telling"): {
            "family_may_be_told": False, "reason": "Not interviewed yet", "review_on": "2031-06-01",
        },
        ("POST", BREAK_GLASS): reason,
        ("POST", f"{BREAK_GLASS}/{{break_glass}}/review"): {"finding": "justified", "note": "As it was."},
        ("POST", "/v1/break-glass"): {
            "person": {"name": "Nobody Here", "date_of_birth": "2015-02-03"}, **reason,
        },
    }  # fmt: skip
