"""Seeing a case as another agency would."""

from typing import Any

from tests.gateway.household import CAMHS, House

OPERATIONS = (
    ("GET", "/v1/cases/{case}/seen-by/{agency}"),
    ("POST", "/v1/cases/{case}/seen-by/{agency}"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(house: House) -> dict[str, str]:
    return {"agency": CAMHS}


def bodies(house: House) -> dict[tuple[str, str], dict[str, Any]]:
    """Nothing is written here: what is said is supposed."""
    said = {
        "kind": "add_permission", "subject": house.child, "agencies": [CAMHS], "categories": ["learning"],
    }  # fmt: skip
    return {("POST", "/v1/cases/{case}/seen-by/{agency}"): {"changes": [said]}}
