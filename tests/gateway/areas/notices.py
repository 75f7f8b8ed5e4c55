"""Notices of what waits for somebody."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
CLEARING = ("POST", "/v1/notices/{notice}/clearing")

OPERATIONS: tuple[tuple[str, str], ...] = (("GET", "/v1/notices"), CLEARING)
WITHOUT_A_BODY = frozenset({CLEARING})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset(OPERATIONS)


def ids(house: House) -> dict[str, str]:
    return {"notice": house.case}


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {}
