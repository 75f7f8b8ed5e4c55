"""Worklists over many cases."""

from typing import Any

from tests.gateway.household import House

GAPS = ("GET", "/v1/users/{user}/gaps")
AWAITING = ("GET", "/v1/worklists/awaiting-answer")
OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", "/v1/worklists/promises"),
    ("GET", "/v1/worklists/waiting"),
    AWAITING,
    GAPS,
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset({GAPS, AWAITING})
USERS = {GAPS: "grace.obi"}


def ids(_: House) -> dict[str, str]:
    return {}


def bodies(_: House) -> dict[tuple[str, str], Any]:
    return {}
