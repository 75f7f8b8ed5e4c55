"""Working days in England, for the periods that people are given: pure, without a clock.

A day is the day of the clock on the wall there, so that "by the end of the next working day" ends at the
midnight that everybody means. Bank holidays are worked out; one that is proclaimed for a single year is not
known here, and then a period ends a day too early, which is the safe side.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MONDAY, _SATURDAY, _SUNDAY = 0, 5, 6


def day_in_england(at: datetime) -> date:
    """The day it is in England at a moment."""
    in_utc = at.astimezone(UTC)
    return (in_utc + _HOUR if _is_summer(in_utc) else in_utc).date()


def end_of_day(day: date) -> datetime:
    """The moment at which a day in England is over."""
    midnight = datetime.combine(day + _DAY, time(), UTC)
    return midnight - _HOUR if _is_summer(midnight - _HOUR) else midnight


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def working_day_after(at: datetime, count: int) -> date:
    """The ``count``-th working day after the day of ``at``: 1 is the next working day."""
    day = day_in_england(at)
    for _ in range(count):
        day += _DAY
        while not is_working_day(day):
            day += _DAY
    return day


def end_of_working_day(at: datetime, count: int) -> datetime:
    """The end of the ``count``-th working day after the day of ``at``: 1 is the next working day."""
    return end_of_day(working_day_after(at, count))


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in a year; one that falls on a weekend is kept on the next working day."""
    easter = easter_sunday(year)
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    kept: set[date] = {
        easter - 2 * _DAY,
        easter + _DAY,
        _first_monday(date(year, 5, 1)),
        _first_monday(date(year, 5, 25)),
        _first_monday(date(year, 8, 25)),
    }
    for day in fixed:
        while day.weekday() >= _SATURDAY or day in kept:
            day += _DAY
        kept.add(day)
    return frozenset(kept)


def easter_sunday(year: int) -> date:
    """The Gregorian Easter (the algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _first_monday(day: date) -> date:
    """The first Monday from a day on."""
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _is_summer(in_utc: datetime) -> bool:
    """Whether British Summer Time holds: from the last Sunday of March to that of October, at 01:00 UTC."""
    return _last_sunday(in_utc.year, 3) <= in_utc < _last_sunday(in_utc.year, 10)


def _last_sunday(year: int, month: int) -> datetime:
    last = date(year, month, 31)
    day = last - timedelta(days=(last.weekday() - _SUNDAY) % 7)
    return datetime.combine(day, time(1), UTC)
