"""Which answers run out soon, and which must be asked for again as somebody grew up (design 3.2). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.consent.consents.authority import answers_in_own_right
from shared.vocabulary import Capacity, ConsentKind

SOON = timedelta(days=30)
MONTHS_AHEAD = 3
_YEARS_FROM_16_TO_18 = 2
_MONTHS = 12
_LATEST_DAY_OF_EVERY_MONTH = 28


@dataclass(frozen=True, slots=True)
class Asking:
    """Why an answer must be asked for again, and the day from which it no longer counts or fits."""

    why: str
    on: date
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"why": self.why, "on": self.on.isoformat(), "reason": self.reason}


def is_standing(row: Any, at: datetime) -> bool:
    """Whether an answer was neither taken back nor is over."""
    return row.withdrawn_at is None and (row.valid_until is None or at < row.valid_until)


def expires_soon(row: Any, at: datetime) -> bool:
    """Whether a standing answer ends by itself within thirty days."""
    return is_standing(row, at) and row.valid_until is not None and row.valid_until <= at + SOON


def needs_asking_again(
    row: Any, others: Iterable[Any], decides_from: datetime | None, at: datetime
) -> Asking | None:
    """Whether a birthday makes, or will within three months make, this answer one to ask for anew.

    What others said for a child stops counting at sixteen; what the young person said then is asked again at
    eighteen. Not once the person has answered the same themselves since.
    """
    if decides_from is None or not is_standing(row, at):
        return None
    capacity = Capacity(row.capacity)
    if not answers_in_own_right(capacity):
        asking = Asking(
            "turns_16", decides_from.date(), "From 16 the young person decides: ask them, in good time."
        )
    elif capacity == Capacity.YOUNG_PERSON:
        grown_up = _years_later(decides_from.date(), _YEARS_FROM_16_TO_18)
        asking = Asking("turns_18", grown_up, "At 18 services change: ask again, for the adult services too.")
    else:
        return None
    if at.date() < _months_before(asking.on, MONTHS_AHEAD):
        return None
    answered = any(_answers_again(other, row, asking) for other in others)
    return None if answered else asking


def _answers_again(other: Any, row: Any, asking: Asking) -> bool:
    """Whether another answer is the person's own to the same question, given late enough to be new."""
    own = other.giver == row.subject == other.subject and other.kind == row.kind
    if not own or other.id == row.id or other.recorded_at <= row.recorded_at:
        return False
    if other.recorded_at.date() < _months_before(asking.on, MONTHS_AHEAD):
        return False
    if row.kind == ConsentKind.TAKE_PART:
        return True
    return set(row.categories) <= set(other.categories) and set(row.recipients) <= set(other.recipients)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    return date(year, month + 1, min(day.day, _LATEST_DAY_OF_EVERY_MONTH))
