"""The building blocks of records: bounded texts, codes, ids and dates, and what each of them refuses."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from shared.ids import is_id

EARLIEST_YEAR = 1890
LATEST_YEAR = 2150
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


class Record(BaseModel):
    """A body that refuses unknown fields and cannot be changed after it was read.

    Its validator is built when it is first used: building those of all routes was a seventh of the imports,
    which everybody who starts the suite waits for (measured).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


def _canonical_id(value: str) -> str:
    if not is_id(value):
        raise ValueError("Send an id as it was given: 36 characters, lower case.")
    return value


def _normalised(value: str) -> str:
    """Unicode in composed form (NFC), so that one name typed on two keyboards is one text."""
    return unicodedata.normalize("NFC", value)


def _without_line_breaks(value: str) -> str:
    if "\n" in value or "\r" in value or "\t" in value:
        raise ValueError("Write this on one line.")
    return value


def _says_something(value: str) -> str:
    """At least one character that a reader can see: zero-width and direction marks alone are nothing."""
    if not any(unicodedata.category(character)[0] not in "CZ" for character in value):
        raise ValueError("Write something here.")
    return value


def _as_iso_date(value: object) -> object:
    """Only ``YYYY-MM-DD``: a number or a moment is not a date, whatever it could be read as."""
    if isinstance(value, date) and type(value) is date:
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return value
    raise ValueError("Write the date as YYYY-MM-DD.")


def _plausible(value: date) -> date:
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(f"Use a year from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    return value


def _plausible_moment(value: AwareDatetime) -> AwareDatetime:
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(f"Use a year from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    return value


def _text_moment(value: object) -> object:
    """RFC 3339 text only: a number, or digits as text, could be seconds or a day without hyphens, and a
    permission that was to begin in September would have begun in 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise ValueError("Write the moment as RFC 3339 text with its offset, such as 2026-03-01T09:00:00Z.")


def _yes_or_no(value: object) -> object:
    """No word or number that could be read as one: what a family answered is not guessed."""
    if not isinstance(value, bool):
        raise ValueError("Answer true or false.")
    return value


def each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    """A list in which nothing stands twice: who sends it may have meant something else by the second."""
    if len(set(values)) != len(values):
        raise ValueError("Name each one once.")
    return values


Id = Annotated[str, AfterValidator(_canonical_id)]
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,62}$")]
UserId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300),
    AfterValidator(_without_line_breaks),
    AfterValidator(_says_something),
    AfterValidator(_normalised),
]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=10_000),
    AfterValidator(_says_something),
    AfterValidator(_normalised),
]
Day = Annotated[date, BeforeValidator(_as_iso_date), AfterValidator(_plausible)]
Moment = Annotated[AwareDatetime, BeforeValidator(_text_moment), AfterValidator(_plausible_moment)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Version = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
