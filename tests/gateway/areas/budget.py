"""The budget: streams of money, allocations, purchases."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
STREAMS = "/v1/budget-streams"
BUDGET = "/v1/cases/{case}/budget"
RETURN = ("POST", f"{BUDGET}/allocations/{{allocation}}/return")
PURCHASE = f"{BUDGET}/purchases/{{purchase}}"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", STREAMS),
    ("POST", STREAMS),
    ("POST", f"{STREAMS}/{{stream}}/closing"),
    ("GET", BUDGET),
    ("POST", f"{BUDGET}/allocations"),
    RETURN,
    ("POST", f"{BUDGET}/purchases"),
    ("POST", f"{PURCHASE}/signature"),
    ("POST", f"{PURCHASE}/refusal"),
    ("POST", f"{PURCHASE}/spending"),
    ("POST", f"{PURCHASE}/release"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset(
    {("POST", f"{STREAMS}/{{stream}}/closing"), ("POST", f"{PURCHASE}/signature")}
)
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(house: House) -> dict[str, str]:
    return {"stream": house.stream, "allocation": house.allocation, "purchase": house.purchase}


def stream(**changes: Any) -> Json:
    return {"name": "Family fund", "total_pence": 100_000, "may_buy": ["household"], **changes}


def new_purchase(house: House, **changes: Any) -> Json:
    return {
        "allocation": house.allocation, "kind_of_purchase": "household", "what": "A lamp",
        "amount_pence": 2_500, "wish": "A lamp", "departs_from_wish": False, **changes,
    }  # fmt: skip


def bodies(house: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", STREAMS): stream(),
        ("POST", f"{BUDGET}/allocations"): {
            "stream": house.stream, "amount_pence": 1_000, "purpose": "A lamp to read by",
        },
        RETURN: {"amount_pence": 100},
        ("POST", f"{BUDGET}/purchases"): new_purchase(house),
        ("POST", f"{PURCHASE}/refusal"): {"reason": "Not this year"},
        ("POST", f"{PURCHASE}/spending"): {"spent_pence": 2_000},
        ("POST", f"{PURCHASE}/release"): {"reason": "A neighbour gave one"},
    }  # fmt: skip
