"""The family's codes, visits and sheet."""

from typing import Any

from tests.gateway.household import House

CODES = ("POST", "/v1/cases/{case}/family-codes")
VISITS = ("POST", "/v1/family-visits")
OPERATIONS: tuple[tuple[str, str], ...] = (CODES, VISITS, ("GET", "/v1/cases/{case}/family-sheet"))
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset({VISITS})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()
REFUSED_BY_ROLE: frozenset[tuple[str, str]] = frozenset({VISITS, ("GET", "/v1/cases/{case}/family-sheet")})
USERS = {VISITS: "karen.mercer", ("GET", "/v1/cases/{case}/family-sheet"): "karen.mercer"}


def ids(_: House) -> dict[str, str]:
    return {}


def bodies(house: House) -> dict[tuple[str, str], Any]:
    return {CODES: {"person": house.mother}}
