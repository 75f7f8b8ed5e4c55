"""What the page of an emergency shows: who opened the case, why, and how long it stays open. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clients.practitioner.words import in_words

Json = Mapping[str, Any]
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """``minutes_left``: 0 where it is over. ``may_renew``: it is the reader's own and may be longer."""

    id: str
    by: str
    reason: str
    opened_at: str
    until: str
    minutes_left: int
    is_own: bool
    may_renew: bool
    checked: str | None
    check_by: str


def openings_of(
    answer: Json, names: Mapping[str, str], user: str | None, agency: str | None, now: datetime
) -> list[Opening]:
    """The lines of ``GET …/break-glass``, the newest first."""
    found = [_opening(one, names, user, agency, now) for one in answer["break_glass"]]
    return sorted(found, key=lambda one: one.opened_at, reverse=True)


def own_minutes_left(openings: Sequence[Opening]) -> int:
    return max((one.minutes_left for one in openings if one.is_own), default=0)


def _opening(
    one: Json, names: Mapping[str, str], user: str | None, agency: str | None, now: datetime
) -> Opening:
    until, latest = datetime.fromisoformat(one["valid_until"]), datetime.fromisoformat(one["no_later_than"])
    over = one["ended_at"] is not None or until <= now
    is_own = (one["user"], one["agency"]) == (user, agency)
    return Opening(
        id=one["id"],
        by=f"{one['user_name'] or one['user']}, {names.get(one['agency']) or in_words(one['agency'])}",
        reason=one["reason"],
        opened_at=one["opened_at"],
        until=one["valid_until"],
        minutes_left=0 if over else -(-(until - now) // _MINUTE),
        is_own=is_own,
        may_renew=is_own and not over and until < latest,
        checked=in_words(one["finding"]) if one["finding"] else None,
        check_by=one["review_due"],
    )
