"""The plan: answers, news, what must be done first; goals, outcomes, the compact."""

from typing import Any

from tests.gateway.household import SCHOOL, House

Json = dict[str, Any]
CASE = "/v1/cases/{case}"
ACTION = f"{CASE}/actions/{{action}}"
GOAL = f"{CASE}/goals/{{goal}}"
VALUES = f"{CASE}/outcomes/{{measure}}/values"
COMPACT = f"{CASE}/compact"
COMMITMENT = f"{COMPACT}/commitments/{{commitment}}"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", ACTION),
    ("POST", f"{ACTION}/acceptance"),
    ("POST", f"{ACTION}/partial-acceptance"),
    ("POST", f"{ACTION}/decline"),
    ("POST", f"{ACTION}/news-requests"),
    ("POST", f"{ACTION}/dependencies"),
    ("DELETE", f"{ACTION}/dependencies/{{needs}}"),
    ("GET", f"{CASE}/goals"),
    ("POST", f"{CASE}/goals"),
    ("PATCH", GOAL),
    ("GET", f"{CASE}/outcomes"),
    ("POST", f"{CASE}/outcomes"),
    ("POST", VALUES),
    ("GET", COMPACT),
    ("POST", COMPACT),
    ("POST", f"{COMPACT}/{{compact}}/signatures"),
    ("POST", f"{COMMITMENT}/standing"),
    ("POST", f"{COMMITMENT}/news-requests"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", f"{ACTION}/acceptance"),
        ("POST", f"{ACTION}/news-requests"),
        ("DELETE", f"{ACTION}/dependencies/{{needs}}"),
        ("POST", f"{COMMITMENT}/news-requests"),
    }
)
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()
ON_BEHALF: frozenset[tuple[str, str]] = frozenset(
    operation
    for operation in OPERATIONS
    if operation[0] != "GET" and not operation[1].endswith(("/signatures", "/standing"))
)


def ids(house: House) -> dict[str, str]:
    return {
        "goal": house.goal, "needs": house.needed_action, "measure": house.measure,
        "compact": house.compact, "commitment": house.commitment,
    }  # fmt: skip


def new_compact(house: House, **changes: Any) -> Json:
    """The next version of the compact."""
    return {
        "preamble": "What we promise each other", "replaces": house.compact,
        "commitments": [
            {"promised_by": {"agency": SCHOOL}, "promise": "We ring before ten"},
            {"promised_by": {"person": house.mother}, "promise": "I answer the telephone"},
        ],
        **changes,
    }  # fmt: skip


def bodies(house: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", f"{ACTION}/partial-acceptance"): {"part": "Mondays", "reason": "Nobody on Fridays"},
        ("POST", f"{ACTION}/decline"): {"reason": "Not on our list"},
        ("POST", f"{ACTION}/dependencies"): {"needs": house.needed_action},
        ("POST", f"{CASE}/goals"): {"goal": "Back with the class"},
        ("PATCH", GOAL): {"status": "reached", "what_came_of_it": "Every day"},
        ("POST", f"{CASE}/outcomes"): {
            "measure": "Days at school",
            "scale": {"lowest": 0, "highest": 10, "higher_is_better": True},
            "baseline": {"measured_on": "2031-03-01", "value": 3},
        },
        ("POST", VALUES): {"stage": "review", "measured_on": "2031-03-02", "value": 5},
        ("POST", COMPACT): new_compact(house),
        ("POST", f"{COMPACT}/{{compact}}/signatures"): {"signed_by": {"agency": SCHOOL}},
        ("POST", f"{COMMITMENT}/standing"): {"status": "kept", "what_happened": "They rang every day."},
    }
