"""When somebody decides for themselves, out of what is recorded about their birth."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from shared.problems import invalid

AGE_OF_DECISION = 16
LONGEST_PREGNANCY = timedelta(weeks=44)


def sixteenth_birthday(born: date) -> date:
    """The day somebody turns sixteen; for the 29 February it is the 1 March (design 3.2)."""
    try:
        return born.replace(year=born.year + AGE_OF_DECISION)
    except ValueError:
        return date(born.year + AGE_OF_DECISION, 3, 1)


def decides_from(births: Iterable[Mapping[str, Any]]) -> date | None:
    """From which day a person decides; ``None`` where no birth is recorded.

    Agencies may have recorded different days: the earliest counts, so that nobody who may decide is
    passed over.
    """
    days = [birth.get("date_of_birth") or birth.get("expected_date_of_delivery") for birth in births]
    return min((sixteenth_birthday(date.fromisoformat(day)) for day in days if day), default=None)


def check_birth(fields: Mapping[str, Any], today: date, path: str = "") -> None:
    """Refuse a birth that lies ahead, and a pregnancy longer than any, on either side of the day."""
    born, expected = fields.get("date_of_birth"), fields.get("expected_date_of_delivery")
    if born and date.fromisoformat(born) > today:
        raise invalid(
            f"{path}date_of_birth",
            "This day lies ahead. For an unborn child use expected_date_of_delivery.",
        )
    if expected and date.fromisoformat(expected) > today + LONGEST_PREGNANCY:
        raise invalid(f"{path}expected_date_of_delivery", "This day lies too far ahead; check the year.")
    if expected and date.fromisoformat(expected) + LONGEST_PREGNANCY < today:
        raise invalid(
            f"{path}expected_date_of_delivery",
            "This day is long past. Record when the child was born, as date_of_birth.",
        )
