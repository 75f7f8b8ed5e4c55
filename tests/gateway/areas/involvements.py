"""Who works with whom, as agencies say it of themselves."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
INVOLVEMENTS = "/v1/people/{person}/involvements"
ENDING = f"{INVOLVEMENTS}/{{involvement}}/ending"

OPERATIONS: tuple[tuple[str, str], ...] = (("POST", INVOLVEMENTS), ("POST", ENDING))
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()
ON_BEHALF = frozenset(OPERATIONS)


def ids(house: House) -> dict[str, str]:
    return {"involvement": house.involvement}


def involvement(**changes: Any) -> Json:
    """A service of the acting agency's own."""
    return {
        "service": "School nursing", "contact_name": "Priya Nair", "contact_telephone": "01632 960111",
        "since": "2030-01-12", "reason": "universal_service", **changes,
    }  # fmt: skip


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {("POST", INVOLVEMENTS): involvement(), ("POST", ENDING): {"until": "2030-05-29"}}
