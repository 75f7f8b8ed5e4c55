"""Which promises wait for somebody still, which are late, and in what words that is said of all. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NO_DAY = date.max
"""Where no day was agreed: after every other day."""

OPEN = frozenset({"agreed", "in_progress", "promised"})
"""The states, of whatever kind of promise, in which somebody owes it still."""

ENDED = "ended"
"""What becomes of an open promise, of whatever kind, when its case is closed."""

PLEDGED = "pledge"
"""The kind of a promise that was given at a meeting; its entry is an action."""

OF_ACTIONS = frozenset({"action", PLEDGED})
"""The kinds of promises whose entries are actions of the plan."""

_WORDS: Mapping[str, str] = {
    "done": "kept",
    "kept": "kept",
    "not_done": "missed",
    "missed": "missed",
    "declined": "declined",
    ENDED: "ended",
}


def is_open(status: str) -> bool:
    return status in OPEN


def in_words(status: str, due_on: date, today: date) -> str:
    """How a promise stands, in the same words whoever made it: a service or the family."""
    return _WORDS.get(status) or ("late" if due_on < today else "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is kept of a promise beside its entry. ``accountable`` is None for a promise of the family."""

    kind: str
    accountable: str | None
    status: str
    due_on: date | None = None
    needed_on: date | None = None
    responsible_user: str | None = None

    def row(self) -> Mapping[str, Any]:
        return {
            "kind": self.kind,
            "accountable": self.accountable,
            "responsible_user": self.responsible_user,
            "status": self.status,
            "open": is_open(self.status),
            "due_on": self.due_on or NO_DAY,
            "needed_on": self.needed_on,
        }
