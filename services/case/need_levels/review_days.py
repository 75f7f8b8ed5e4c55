"""How a level of need drives the next review. Pure."""

from datetime import date, timedelta

from shared.records.need_levels import Need


def review_by(level: Need, review_on: date, today: date, review_days: tuple[int, ...]) -> date:
    """The day of the next review: as it was set, but no later than the level allows."""
    return min(review_on, today + timedelta(days=review_days[level - 1]))
