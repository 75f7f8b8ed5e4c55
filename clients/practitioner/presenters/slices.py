"""One page of a long list that came whole: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
SIZE = 25


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """``before`` and ``after`` are the addresses of the pages beside it, None where there is none."""

    lines: Sequence[T]
    number: int
    pages: int
    of: int
    before: str | None
    after: str | None


def slice_of(lines: Sequence[T], number: int, address: str, **chosen: str) -> Slice[T]:
    """The page of this number (the nearest there is), with addresses that keep what was ``chosen``."""
    pages = max(1, -(-len(lines) // SIZE))
    here = min(max(number, 1), pages)

    def to(page: int) -> str | None:
        query = urlencode({**{name: value for name, value in chosen.items() if value}, "page": page})
        return f"{address}?{query}" if 1 <= page <= pages else None

    start = (here - 1) * SIZE
    return Slice(lines[start : start + SIZE], here, pages, len(lines), to(here - 1), to(here + 1))


def number_of(text: str) -> int:
    """The number of a page as it stands in an address; what is none is the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
