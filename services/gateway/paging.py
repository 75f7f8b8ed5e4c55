"""Lists in pages (design 4): the cursor that comes in, what fills the page, and the link to the next one."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Query

from services.gateway.guards import Acting
from services.gateway.parts import GatewayParts
from shared.pages import cut

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=100)]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the list at a path below ``/v1``; ``chosen``: what else the caller chose in the query."""

    parts: GatewayParts
    acting: Acting
    path: str
    limit: int
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def _query(self) -> str:
        return f"{self.path}?{urlencode(self.chosen)}"

    def place(self, cursor: str | None) -> Any:
        """Where the page begins that a cursor asks for; a 422 for a cursor that is not good here."""
        if cursor is None:
            return None
        return self.parts.cursors.open(cursor, self.acting.caller, self._query)

    def footer(self, after: Any) -> dict[str, Any]:
        """What stands below a page. ``after``: the place behind which the next one begins, if any."""
        cursor = self.parts.cursors.seal(after, self.acting.caller, self._query) if after else None
        following = urlencode({**self.chosen, "limit": self.limit, "cursor": cursor})
        return {
            "next": f"/v1/{quote(self.path)}?{following}" if cursor else None,
            "cursor": cursor,
            "notice": self.parts.notice,
        }


_KEPT_FOR_THE_ANSWER = 0.5
"""The share of D that filling a page leaves: what was found is decided once more and handed over in it."""


async def refilled(
    acting: Acting,
    limit: int,
    place: Any,
    read: Callable[[Any], Awaitable[tuple[Iterable[T], Any]]],
    place_of: Callable[[T], Any],
) -> tuple[list[T], Any]:
    """A page of what the caller may see from a place on, and the place behind which the next one begins.

    What is hidden is made up for, so that no page is shorter for it (design 3.5). Only where that takes half
    of D is a page shorter, or empty, and goes on behind what was looked at: where the caller would otherwise
    be answered 503, and see no more by asking again. ``read``: what may be seen behind a place, and the next
    place or None; ``place_of``: the place of one of these.
    """
    found: list[T] = []
    while True:
        seen, place = await read(place)
        found.extend(seen)
        page, last = cut(found, limit)
        if last is not None:
            return list(page), place_of(last)
        if place is None or acting.deadline.remaining() < _KEPT_FOR_THE_ANSWER * acting.deadline.seconds:
            return found, place
