"""Suspended users: which there are, and letting them in again."""

from typing import Any

from tests.gateway.household import House

LIFTING = ("POST", "/v1/users/{user}/suspension/lifting")
LIST = ("GET", "/v1/suspensions")
OPERATIONS = (LIST, LIFTING)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS = frozenset({LIST, LIFTING})


def ids(_: House) -> dict[str, str]:
    return {}


def bodies(_: House) -> dict[tuple[str, str], Any]:
    return {LIFTING: {"reason": "It was a mistake"}}
