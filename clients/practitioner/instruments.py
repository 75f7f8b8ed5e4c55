"""The instruments that assessments are made with: their versions never change, so each is read once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from clients.practitioner.gateway_client import Refused, Unavailable

Get = Callable[[str], Awaitable[Any]]
Json = Mapping[str, Any]


class Instruments:
    """What ``GET /v1/instruments`` gives, which is the same for everybody."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Json] = {}
        self._newest: Json | None = None

    async def of(self, get: Get, code: str, version: str) -> Json:
        """One version of one instrument."""
        if (code, version) not in self._read:
            self._read[code, version] = await get(f"/v1/instruments/{code}/{version}")
        return self._read[code, version]

    async def domains(self, get: Get) -> Sequence[Json]:
        """The domains of the newest one; none where they cannot be read now, for a page that can do without
        their titles."""
        try:
            domains: Sequence[Json] = (await self.newest(get))["domains"]
        except (Refused, Unavailable):
            return ()
        return domains

    async def newest(self, get: Get) -> Json:
        """The one with which an assessment is started now."""
        if self._newest is None:
            listed = (await get("/v1/instruments"))["instruments"]
            self._newest = await self.of(get, listed[-1]["code"], listed[-1]["version"])
        return self._newest
