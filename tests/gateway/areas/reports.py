"""Reports, and the costs that they add up."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
REPORT = ("GET", "/v1/reports/{report}")
COSTS = "/v1/cases/{case}/costs"

OPERATIONS: tuple[tuple[str, str], ...] = (REPORT, ("POST", COSTS))
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()
USERS = {REPORT: "dev.patel"}
ON_BEHALF = frozenset({("POST", COSTS)})


def ids(_: House) -> dict[str, str]:
    return {"report": "cases-opened"}


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", COSTS): {
            "service": "canary one-to-one teaching", "starts_on": "1931-01-01", "ends_on": "1931-04-01",
            "pence": 320_000,
        },
    }  # fmt: skip
