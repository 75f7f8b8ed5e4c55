"""Cutting a list into pages: whoever reads one more than is shown knows whether there is more."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def cut(found: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """The first ``limit`` of what was found, and the last of these where more comes after it."""
    page = found[:limit]
    return page, page[-1] if len(found) > limit else None
