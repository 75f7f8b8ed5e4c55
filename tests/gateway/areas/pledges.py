"""Pledges: what was promised at meetings, and what became of it."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
PLEDGES = "/v1/cases/{case}/pledges"
STANDING = ("POST", f"{PLEDGES}/{{pledge}}/standing")

OPERATIONS: tuple[tuple[str, str], ...] = (("GET", PLEDGES), STANDING)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(house: House) -> dict[str, str]:
    return {"pledge": house.pledge}


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {STANDING: {"status": "missed", "what_happened": "Nobody came."}}
