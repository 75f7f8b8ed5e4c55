"""A line of a list is found on whichever page of the API's answer it stands."""

from typing import Any

import pytest

from clients.practitioner.paging import MOST, line_with_id

pytestmark = pytest.mark.anyio


class Listed:
    """A list in pages of two, as the API hands them out."""

    def __init__(self, *ids: str) -> None:
        self.pages = [ids[place : place + 2] for place in range(0, len(ids), 2)] or [()]
        self.asked: list[tuple[str, str | None]] = []

    async def get(self, path: str, *, limit: str, cursor: str | None) -> Any:
        self.asked.append((path, cursor))
        assert limit == MOST
        place = int(cursor or 0)
        after = str(place + 1) if place + 1 < len(self.pages) else None
        return {"messages": [{"id": one} for one in self.pages[place]], "cursor": after}


@pytest.mark.parametrize(("wanted", "calls"), [("a", 1), ("c", 2), ("e", 3)])
async def test_a_line_is_found_however_far_back_and_no_page_is_asked_for_in_vain(
    wanted: str, calls: int
) -> None:
    listed = Listed("a", "b", "c", "d", "e")
    assert await line_with_id(listed.get, "/v1/messages", "messages", wanted) == {"id": wanted}
    assert listed.asked == [("/v1/messages", None if page == 0 else str(page)) for page in range(calls)]


async def test_what_is_on_no_page_is_not_there() -> None:
    listed = Listed("a", "b", "c")
    assert await line_with_id(listed.get, "/v1/messages", "messages", "z") is None
    assert len(listed.asked) == 2
    assert await line_with_id(Listed().get, "/v1/messages", "messages", "z") is None
