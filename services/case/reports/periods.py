"""The times that reports are about: quarters and years that are over, so that no figure grows by one person
from one day to the next. Pure."""

import re
from collections.abc import Collection
from datetime import date

from shared.problems import invalid


def quarter(text: str, today: date) -> tuple[date, date]:
    """First day and day after the last of a quarter such as ``2026-Q3``; a 422 unless it is over."""
    found = re.fullmatch(r"([0-9]{4})-Q([1-4])", text)
    if found is None or not 1900 <= int(found[1]) <= 2150:
        raise invalid("period", "Write a quarter such as 2026-Q3.")
    year, number = int(found[1]), int(found[2])
    start = date(year, 3 * number - 2, 1)
    return start, _over(date(year + number // 4, 3 * number % 12 + 1, 1), today)


def year(text: str, today: date) -> tuple[date, date]:
    """First day and day after the last of a year; a 422 unless it is over."""
    if re.fullmatch(r"[0-9]{4}", text) is None or not 1900 <= int(text) <= 2150:
        raise invalid("period", "Write a year such as 2026.")
    return date(int(text), 1, 1), _over(date(int(text) + 1, 1, 1), today)


def _over(end: date, today: date) -> date:
    if end > today:
        raise invalid("period", "This time is not over yet; choose an earlier one.")
    return end


def counts_in(year: int, starts_in: int, recorded_in: int, made: Collection[int]) -> bool:
    """Whether a cost that is in no report yet belongs into that of ``year``, which is made now, after those
    of the years ``made``: it does where it starts in that year. Where the report of the year in which it
    starts was made before it came, it belongs into that of the year in which it was recorded, and where that
    was made too, into the next that is."""
    if starts_in not in made:
        return starts_in == year
    return recorded_in == year or (recorded_in in made and recorded_in < year)
