"""Flags, levels of need, small concerns and the signals that they make together."""

from typing import Any

from tests.gateway.household import House, day, past_day, words

Json = dict[str, Any]
FLAGS, NEEDS = "/v1/cases/{case}/flags", "/v1/cases/{case}/need-levels"
ENDING = ("POST", f"{FLAGS}/{{flag}}/ending")
SMALL_CONCERN = ("POST", "/v1/people/{person}/small-concerns")
SIGNALS = ("GET", "/v1/signals")
TAKING_UP, CLOSING = ("POST", "/v1/signals/{signal}/taking-up"), ("POST", "/v1/signals/{signal}/closing")

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", FLAGS), ("POST", FLAGS), ENDING, ("GET", NEEDS), ("POST", NEEDS), SMALL_CONCERN,
    SIGNALS, TAKING_UP, CLOSING,
)  # fmt: skip
WITHOUT_A_BODY = frozenset({TAKING_UP})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset({("GET", FLAGS), ("GET", NEEDS)})
REFUSED_BY_ROLE: frozenset[tuple[str, str]] = frozenset({SIGNALS, TAKING_UP, CLOSING})
USERS = dict.fromkeys((SIGNALS, TAKING_UP, CLOSING), "paul.ensor")
ON_BEHALF = frozenset({("POST", FLAGS), ("POST", NEEDS)})


def ids(house: House) -> dict[str, str]:
    return {"flag": house.flag, "signal": house.case}


def concern_flag(**changes: Any) -> Json:
    return {
        "kind": "concern_flag", "level": "worried", "message": words("flag"), "call_name": words("call"),
        "call_telephone": "01632 960155", "expires_on": day(), **changes,
    }  # fmt: skip


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", FLAGS): concern_flag(),
        ENDING: {"reason": words("flag ended")},
        ("POST", NEEDS): {"level": 3, "reason": words("need level")},
        SMALL_CONCERN: {
            "noticed_on": past_day(), "what": words("small concern"), "categories": ["wellbeing"],
        },
        CLOSING: {"outcome": "brought_to_panel"},
    }  # fmt: skip
