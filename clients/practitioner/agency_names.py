"""The names of the partnership's agencies, kept for a minute."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.clock import Clock

_KEPT_FOR = timedelta(minutes=1)


class AgencyNames:
    """Every signed-in caller reads the same list, so one copy serves all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._names: Mapping[str, str] = {}
        self._read_at: datetime | None = None

    async def of(self, whole: Callable[[str, str], Awaitable[Any]]) -> Mapping[str, str]:
        """Names by code, read through ``whole`` when they are older than a minute."""
        if self._read_at is None or self._clock() - self._read_at >= _KEPT_FOR:
            answer = await whole("/v1/agencies", "agencies")
            self._names = {agency["code"]: agency["name"] for agency in answer["agencies"]}
            self._read_at = self._clock()
        return self._names
