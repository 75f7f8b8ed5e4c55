"""Which promises wait for somebody still, and since when they are late. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NO_DAY = date.max
"""Where no day was agreed: after every other day."""

OPEN = frozenset({"agreed", "in_progress", "promised"})
"""The states, of whatever kind of promise, in which somebody owes it still."""


def is_open(status: str) -> bool:
    return status in OPEN


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
