"""Lists in pages (design 4): the cursor that comes in, what fills the page, and the link to the next one."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Depends, Query

from services.gateway.disclose import Seen
from services.gateway.guards import Acting
from services.gateway.labels import Portion, place_of
from services.gateway.parts import GatewayParts
from services.gateway.projection import Shown
from services.gateway.views import entries_view
from shared.pages import cut

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=100)]
MOST_AT_ONCE = 500
"""Of what is at hand as a whole: nearly always all of it, since a screen shows it so."""


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


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list that is at hand as a whole, or decided in one call; ``after``: where it begins."""

    pages: Pages
    after: tuple[Any, ...] | None

    @property
    def portion(self) -> Portion:
        """This page of a list of entries, for the decision: its receipt names what stands on it."""
        return Portion(self.pages.limit, self.after)

    def cut(
        self, rows: Iterable[T], by: Callable[[T], tuple[Any, ...]], *, newest_first: bool = False
    ) -> tuple[list[T], dict[str, Any]]:
        """The rows of this page, and what stands below it.

        ``by``: what a row is sorted by, which tells it from every other and is shown in it. A page goes on
        behind that, so that nothing is shown twice or left out where rows come or go meanwhile.
        """
        ordered = sorted(rows, key=by, reverse=newest_first)
        if self.after is not None:
            place = self.after
            ordered = [row for row in ordered if (by(row) < place if newest_first else by(row) > place)]
        page, last = cut(ordered, self.pages.limit)
        return list(page), self.pages.footer(None if last is None else by(last))

    def entries(
        self,
        seen: Seen,
        *,
        area: str,
        kinds: tuple[str, ...] = (),
        of: Callable[[Shown], bool] = lambda _: True,
    ) -> Shown:
        """The entries of this page, as ``entries_view`` shows them, oldest first."""
        acting = self.pages.acting
        view = entries_view(seen, acting.purpose, self.pages.parts.notice, area=area, kinds=kinds)
        shown, footer = self.cut(filter(of, view["entries"]), place_of)
        return {**view, "entries": shown, **footer}


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of a whole list a request asks for."""

    limit: int
    cursor: str | None

    @property
    def is_all(self) -> bool:
        """Whether as much is asked for as there can be at once, from the beginning."""
        return self.cursor is None and self.limit == MOST_AT_ONCE

    def of(
        self, parts: GatewayParts, acting: Acting, path: str, chosen: Mapping[str, str] | None = None
    ) -> Page:
        """That page of the list at a path below ``/v1``; a 422 for a cursor that is not good here."""
        pages = Pages(parts, acting, path, self.limit, chosen or {})
        place = pages.place(self.cursor)
        return Page(pages, None if place is None else tuple(place))


async def page_asked(
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = MOST_AT_ONCE, cursor: str | None = None
) -> PageAsked:
    """Which page of a list is asked for that a screen shows whole."""
    return PageAsked(limit, cursor)


AskedPage = Annotated[PageAsked, Depends(page_asked)]


def by(*names: str) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Sorted by these fields of a row."""
    return lambda row: tuple(row[name] for name in names)


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
