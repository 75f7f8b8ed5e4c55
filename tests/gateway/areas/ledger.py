"""The ledger as a whole."""

from typing import Any

from tests.gateway.household import House

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", "/v1/ledger/checkpoint"),
    ("GET", "/v1/ledger/keys"),
    ("POST", "/v1/ledger/verification"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset({("GET", "/v1/ledger/keys")})
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset({("POST", "/v1/ledger/verification")})


def ids(_: House) -> dict[str, str]:
    return {}


def bodies(_: House) -> dict[tuple[str, str], dict[str, Any]]:
    return {("POST", "/v1/ledger/verification"): {"checkpoint": None}}
