"""Concerns: sent, found by the agency to which they were sent, acknowledged."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
ON_CASE = "/v1/cases/{case}/concerns"
ACKNOWLEDGEMENT = ("POST", "/v1/concerns/{concern}/acknowledgement")
SOCIAL_CARE, POLICE = "harbour-social-care", "borough-police"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("POST", ON_CASE),
    ("GET", "/v1/concerns"),
    ("POST", "/v1/concerns"),
    ("GET", "/v1/concerns/sent"),
    ACKNOWLEDGEMENT,
)
WITHOUT_A_BODY = frozenset({ACKNOWLEDGEMENT})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(house: House) -> dict[str, str]:
    return {"concern": house.concern}


def concern(**changes: Any) -> Json:
    """A worry that somebody sends to social care."""
    body = {
        "recipient": SOCIAL_CARE, "about": "Robin Vale, 8, of the red door", "worry": "Not fed.",
        "when": "This week", "immediate_danger": False, "family_told": True, **changes,
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not None}


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {("POST", ON_CASE): concern(), ("POST", "/v1/concerns"): concern()}
