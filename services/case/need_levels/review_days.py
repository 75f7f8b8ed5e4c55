"""How a level of need drives the next review. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from shared.records.need_levels import Need


def review_by(level: Need, review_on: date, today: date, review_days: tuple[int, ...]) -> date:
    """The day of the next review: as it was set, but no later than the level allows."""
    return min(review_on, today + timedelta(days=review_days[level - 1]))


def review_within(levels: Iterable[Need], review_on: date, today: date, review_days: tuple[int, ...]) -> date:
    """The same for several people: no later than the highest of their levels allows."""
    for level in levels:
        review_on = review_by(level, review_on, today, review_days)
    return review_on
