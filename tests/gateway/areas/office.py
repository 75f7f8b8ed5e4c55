"""What waits for an information officer."""

from typing import Any

from tests.gateway.household import House

OPERATIONS = (("GET", "/v1/worklists/office"),)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset(OPERATIONS)


def ids(_: House) -> dict[str, str]:
    return {}


def bodies(_: House) -> dict[tuple[str, str], Any]:
    return {}
