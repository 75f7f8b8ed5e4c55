"""From which day somebody decides for themselves."""

from datetime import date

import pytest

from services.case.people.ages import check_birth, decides_from
from shared.problems import Problem

TODAY = date(2031, 3, 3)


def born(*days: str) -> list[dict[str, str]]:
    return [{"date_of_birth": day} for day in days]


@pytest.mark.parametrize(
    "births, day",
    [
        (born("2016-05-14"), date(2032, 5, 14)),
        (born("2016-02-29"), date(2032, 2, 29)),  # sixteen years on is a leap year again
        (born("2015-12-31"), date(2031, 12, 31)),
        ([{"expected_date_of_delivery": "2031-06-01"}], date(2047, 6, 1)),
        (born("2016-05-14", "2015-05-14"), date(2031, 5, 14)),
        ([*born("2016-05-14"), {"expected_date_of_delivery": "2016-05-01"}], date(2032, 5, 1)),
        ([], None),
        ([{"sex": "female"}], None),
    ],
)
def test_the_sixteenth_birthday_counts_and_of_several_the_earliest(
    births: list[dict[str, str]], day: date | None
) -> None:
    assert decides_from(births) == day


def test_a_birthday_that_falls_away_moves_to_the_first_of_march() -> None:
    # 2100 is no leap year: the only way to meet a sixteenth birthday without a 29 February.
    assert decides_from(born("2084-02-29")) == date(2100, 3, 1)


def test_a_birth_ahead_is_an_expected_delivery() -> None:
    check_birth({"date_of_birth": "2031-03-03"}, TODAY)
    with pytest.raises(Problem) as refused:
        check_birth({"date_of_birth": "2031-03-04"}, TODAY, "details.0.fields.")
    [error] = refused.value.errors
    assert error.field == "details.0.fields.date_of_birth"
    assert "expected_date_of_delivery" in error.message


def test_no_pregnancy_is_longer_than_forty_four_weeks() -> None:
    check_birth({"expected_date_of_delivery": "2032-01-05"}, TODAY)
    with pytest.raises(Problem) as refused:
        check_birth({"expected_date_of_delivery": "2032-01-06"}, TODAY)
    assert [error.field for error in refused.value.errors] == ["expected_date_of_delivery"]


def test_a_day_on_which_a_child_was_expected_long_ago_is_no_birthday() -> None:
    """Fails when it is kept: from sixteen years after it somebody would decide alone, on nobody's word."""
    check_birth({"expected_date_of_delivery": "2030-04-29"}, TODAY)
    with pytest.raises(Problem) as refused:
        check_birth({"expected_date_of_delivery": "2030-04-28"}, TODAY)
    [error] = refused.value.errors
    assert error.field == "expected_date_of_delivery"
    assert "date_of_birth" in error.message
