"""Cutting a list into pages: whoever reads one more than is shown knows whether there is more."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, Field

T = TypeVar("T")
PageSize = Annotated[int, Field(ge=1, le=1_000)]
"""How many lines a service is asked for at once."""
AfterMoment = tuple[AwareDatetime, str]
AfterDay = tuple[date, str]
"""Behind which line a page begins: by its moment or its day, and its id."""


def cut(found: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """The first ``limit`` of what was found, and the last of these where more comes after it."""
    page = found[:limit]
    return page, page[-1] if len(found) > limit else None
