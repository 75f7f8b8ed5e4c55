"""Stored rows as they were known at an earlier moment (design 3.6, "time travel"). Pure.

Facts are recorded and later ended, never edited. So what was known then is every row that was recorded by
then, and of its endings those that had happened by then.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from shared.disclosure import SubjectAsk

ENDINGS = frozenset({"withdrawn_at", "lifted_at", "ended_at", "confirmed_at"})
"""Columns that say when somebody ended a fact, or confirmed it. What happens to one under another name is
added here."""


class RowAsOf:
    """A row of which an ending that had not happened yet is not known."""

    __slots__ = ("_at", "_row")

    def __init__(self, row: Any, at: datetime) -> None:
        self._row = row
        self._at = at

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._row, name)
        return None if name in ENDINGS and value is not None and value > self._at else value


def as_known(rows: Iterable[Any], at: datetime | None) -> Sequence[Any]:
    """The rows as they were known at a moment; all of them, as they are, for None (now)."""
    if at is None:
        return rows if isinstance(rows, Sequence) else tuple(rows)
    return [RowAsOf(row, at) for row in rows if row.recorded_at <= at]


def as_told(subject: SubjectAsk, at: datetime | None) -> SubjectAsk:
    """Somebody with those only who were on record then as responsible for them."""
    if at is None:
        return subject
    held = tuple(one for one in subject.responsible if one.recorded_at <= at)
    return subject.model_copy(update={"responsible": held})
