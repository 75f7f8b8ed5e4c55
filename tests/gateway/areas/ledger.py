"""The ledger as a whole: checkpoints, verification, the search, and receipts that are held back."""

from typing import Any

from tests.gateway.household import House

HOLDS = "/v1/ledger/receipts/{receipt}/holds"
HOLD = f"{HOLDS}/{{hold}}"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", "/v1/ledger/checkpoint"),
    ("GET", "/v1/ledger/keys"),
    ("POST", "/v1/ledger/verification"),
    ("GET", "/v1/ledger/receipts"),
    ("GET", "/v1/ledger/holds"),
    ("POST", HOLDS),
    ("POST", f"{HOLD}/confirmation"),
    ("POST", f"{HOLD}/review"),
    ("POST", f"{HOLD}/ending"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset({("POST", f"{HOLD}/confirmation")})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset({("GET", "/v1/ledger/keys")})
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", "/v1/ledger/verification"),
        ("POST", HOLDS),
        ("POST", f"{HOLD}/confirmation"),
        ("POST", f"{HOLD}/review"),
        ("POST", f"{HOLD}/ending"),
    }
)


def ids(house: House) -> dict[str, str]:
    return {"receipt": house.case, "hold": house.case}


def bodies(_: House) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        ("POST", "/v1/ledger/verification"): {"checkpoint": None},
        ("POST", HOLDS): {"reason": "It would tell where she is", "review_on": "2031-05-01"},
        ("POST", f"{HOLD}/review"): {"reason": "He still asks", "review_on": "2031-05-01"},
        ("POST", f"{HOLD}/ending"): {"reason": "It is over"},
    }
