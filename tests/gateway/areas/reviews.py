"""Reviews, read; that they are recorded stands with what came first."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
OPERATIONS: tuple[tuple[str, str], ...] = (("GET", "/v1/cases/{case}/reviews"),)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(_: House) -> dict[str, str]:
    return {}


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {}
