"""The lead professional in depth: one nomination, objections, who stands in, caseloads."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
LEAD = "/v1/cases/{case}/lead-professional"
ONE = f"{LEAD}/nominations/{{nomination}}"
DEPUTIES = f"{LEAD}/deputies"
DEPUTY = f"{DEPUTIES}/{{deputy}}"
CAP = "/v1/users/{user}/caseload-cap"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", ONE),
    ("GET", f"{LEAD}/nominees"),
    ("POST", f"{ONE}/objection"),
    ("POST", f"{LEAD}/weight"),
    ("GET", DEPUTIES),
    ("POST", DEPUTIES),
    ("DELETE", DEPUTY),
    ("GET", CAP),
    ("POST", CAP),
)
WITHOUT_A_BODY = frozenset({("DELETE", DEPUTY)})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()
USERS = {
    ("POST", f"{ONE}/objection"): "liz.hart",
    ("GET", CAP): "grace.obi",
    ("POST", CAP): "grace.obi",
}


def ids(house: House) -> dict[str, str]:
    return {"deputy": house.case}


def bodies(house: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", f"{ONE}/objection"): {"reason": "She covers two schools"},
        ("POST", f"{LEAD}/weight"): {"weight": 3},
        ("POST", DEPUTIES): {"member": house.housing_member, "since": "2031-06-01", "until": "2031-06-15"},
        ("POST", CAP): {"cap": 25},
    }
