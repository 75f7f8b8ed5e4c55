"""Which answers run out soon, and which must be asked for again: as somebody grew up, as the case was
transferred, or as nothing stands of a yes any more (design 3.2). Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.consent.consents.authority import answers_in_own_right
from shared.vocabulary import Answer, Capacity, ConsentKind

SOON = timedelta(days=30)
MONTHS_AHEAD = 3
_YEARS_FROM_16_TO_18 = 2
_MONTHS = 12
_LATEST_DAY_OF_EVERY_MONTH = 28


@dataclass(frozen=True, slots=True)
class Asking:
    """Why an answer must be asked for again, and the day from which it no longer counts or fits; after a
    transfer the day by which to ask. Of one that opens nothing any more, today."""

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
    row: Any,
    others: Iterable[Any],
    decides_from: datetime | None,
    at: datetime,
    *,
    transferred_at: datetime | None = None,
    counts: Callable[[Any], bool],
) -> Asking | None:
    """Whether a birthday (or one within three months), a transfer or the end of what it rests on makes this
    answer one to ask for anew; of these the one that is due first.

    ``counts``: whether anything stands of an answer now.
    """
    others = tuple(others)
    found = (
        _asked_at_birthday(row, others, decides_from, at),
        _asked_at_transfer(row, others, at, transferred_at),
        _asked_as_it_counts_no_more(row, others, decides_from, at, counts),
    )
    return min((one for one in found if one is not None), key=lambda one: one.on, default=None)


def _asked_at_transfer(
    row: Any, others: Iterable[Any], at: datetime, transferred_at: datetime | None
) -> Asking | None:
    """What was permitted before others took the case over, or the family came back, is asked again of whoever
    gave it, within thirty days. It goes on counting until they have answered."""
    if transferred_at is None or not is_standing(row, at):
        return None
    if row.answer != Answer.GIVEN or row.recorded_at >= transferred_at:
        return None
    answered = any(
        other.recorded_at >= transferred_at
        and (other.kind, other.subject, other.giver) == (row.kind, row.subject, row.giver)
        and _covers(other, row)
        for other in others
    )
    if answered:
        return None
    due = (transferred_at + SOON).date()
    return Asking(
        "transfer", due, "The case was transferred: ask again, now that others see and do the work."
    )


def _asked_as_it_counts_no_more(
    row: Any,
    others: Iterable[Any],
    decides_from: datetime | None,
    at: datetime,
    counts: Callable[[Any], bool],
) -> Asking | None:
    """A yes of which nothing stands is asked again, unless it has been answered since by what does.

    Why, and since when, stands in what the reader may not see: a relationship, an authority, a court order.
    So everybody is told the same, whatever it is, and today's day.
    """
    own = answers_in_own_right(Capacity(row.capacity))
    grown_up = not own and (decides_from is None or decides_from <= at)
    if row.answer != Answer.GIVEN or grown_up or not is_standing(row, at) or counts(row):
        return None
    answered = any(
        other.id != row.id
        and (other.kind, other.subject) == (row.kind, row.subject)
        and other.recorded_at >= row.recorded_at
        and (other.answer != Answer.GIVEN or counts(other))
        and _covers(other, row)
        for other in others
    )
    if answered:
        return None
    return Asking(
        "counts_no_more",
        at.date(),
        "What this permission rests on has changed, and it opens nothing now: look at who answers for this "
        "person, and ask them.",
    )


def _asked_at_birthday(
    row: Any, others: Iterable[Any], decides_from: datetime | None, at: datetime
) -> Asking | None:
    """What others said for a child stops counting at sixteen; what the young person said then is asked again
    at eighteen. Not once the person has answered the same themselves since."""
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
    return _covers(other, row)


def _covers(other: Any, row: Any) -> bool:
    """Whether an answer of the same kind is about all that another is about."""
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
