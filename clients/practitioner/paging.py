"""One line of a list that the API hands out page by page."""

from collections.abc import Awaitable, Callable
from typing import Any

MOST = "100"
"""The longest page that the API gives."""
Get = Callable[..., Awaitable[Any]]
"""Asks the API: ``Visit.get``."""


async def line_with_id(get: Get, path: str, name: str, id: str) -> Any | None:
    """The line with this id of the list ``name`` at ``path``, however far back it stands; None for none."""
    cursor: str | None = None
    while True:
        page = await get(path, limit=MOST, cursor=cursor)
        found = next((line for line in page[name] if line["id"] == id), None)
        cursor = page["cursor"]
        if found is not None or cursor is None:
            return found
