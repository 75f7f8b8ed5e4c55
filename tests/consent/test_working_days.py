"""Working days in England: the periods that people are given, to the minute."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.working_days import (
    bank_holidays,
    day_in_england,
    end_of_day,
    end_of_working_day,
    is_working_day,
)

PUBLISHED = {
    2024: ["01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"],
    2025: ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"],
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2028: ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"],
}
"""As the government published them."""


@pytest.mark.parametrize("year", sorted(PUBLISHED))
def test_the_bank_holidays_of_a_year_are_those_that_were_published(year: int) -> None:
    assert sorted(day.isoformat()[5:] for day in bank_holidays(year)) == PUBLISHED[year]


def test_every_year_has_eight_of_them_and_none_on_a_weekend() -> None:
    for year in range(1990, 2150):
        assert len(bank_holidays(year)) == 8, year
        assert all(day.weekday() < 5 for day in bank_holidays(year)), year


def test_weekends_and_bank_holidays_are_no_working_days() -> None:
    worked = [day for day in range(20, 32) if is_working_day(date(2031, 12, day))]
    assert worked == [22, 23, 24, 29, 30, 31]


def test_a_day_is_that_of_the_clock_on_the_wall() -> None:
    assert day_in_england(datetime(2031, 3, 3, 23, 59, 59, tzinfo=UTC)) == date(2031, 3, 3)
    assert day_in_england(datetime(2031, 6, 3, 22, 59, 59, tzinfo=UTC)) == date(2031, 6, 3)
    assert day_in_england(datetime(2031, 6, 3, 23, 0, tzinfo=UTC)) == date(2031, 6, 4)
    assert end_of_day(date(2031, 3, 3)) == datetime(2031, 3, 4, tzinfo=UTC)
    assert end_of_day(date(2031, 6, 3)) == datetime(2031, 6, 3, 23, tzinfo=UTC)


def test_the_days_on_which_the_clocks_change_have_23_and_25_hours() -> None:
    lengths = {
        day: end_of_day(day) - end_of_day(day - timedelta(days=1))
        for day in (date(2031, 3, 30), date(2031, 10, 26), date(2031, 7, 1))
    }
    assert [span.total_seconds() / 3600 for span in lengths.values()] == [23, 25, 24]


@pytest.mark.parametrize(
    "at, count, end",
    [
        ("2031-03-03T09:00", 1, "2031-03-05T00:00"),
        ("2031-03-07T23:59", 1, "2031-03-11T00:00"),
        ("2031-03-08T09:00", 1, "2031-03-11T00:00"),
        ("2031-03-03T09:00", 3, "2031-03-07T00:00"),
        ("2031-03-03T09:00", 15, "2031-03-25T00:00"),
        ("2031-04-10T09:00", 1, "2031-04-15T23:00"),
        ("2031-12-24T09:00", 1, "2031-12-30T00:00"),
        ("2031-06-02T23:30", 1, "2031-06-04T23:00"),
    ],
)
def test_a_period_ends_at_the_end_of_its_last_working_day(at: str, count: int, end: str) -> None:
    """Fails when the day itself counts, or a weekend, Easter, Christmas or summer time is forgotten."""
    ends = end_of_working_day(datetime.fromisoformat(f"{at}:00+00:00"), count)
    assert ends == datetime.fromisoformat(f"{end}:00+00:00")
