"""Transports that fail in the ways in which services and networks fail; each is chosen by argument."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from shared.upstream import Reply, Transport, Unreachable
from tests.support.gateway import VirtualMonotonic


class Dead:
    """Refuses every connection."""

    def __init__(self) -> None:
        self.calls = 0

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.calls += 1
        raise Unreachable

    async def close(self) -> None:
        return None


class Silent(Dead):
    """Takes the request and never answers."""

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        await asyncio.Event().wait()
        raise Unreachable


class Saying(Dead):
    """Says the same to everybody."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        super().__init__()
        self._reply = Reply(status, body)

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.calls += 1
        return self._reply


class Through(Dead):
    """Passes on to another transport; the kinds below do something on the way."""

    def __init__(self, inner: Transport) -> None:
        super().__init__()
        self._inner = inner

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.calls += 1
        return await self._inner.send(method, path, headers, body)


class Lying(Through):
    """Changes what the service said."""

    def __init__(self, inner: Transport, change: Callable[[Any], Any]) -> None:
        super().__init__(inner)
        self._change = change

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        reply = await super().send(method, path, headers, body)
        return Reply(reply.status, orjson.dumps(self._change(reply.json())))


class CutOff(Through):
    """Breaks off in the middle of the body."""

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        reply = await super().send(method, path, headers, body)
        return Reply(reply.status, reply.body[: len(reply.body) // 2])


class FailingOn(Through):
    """Refuses what has this in its path, for as long as it is switched on."""

    def __init__(self, inner: Transport, part: str) -> None:
        super().__init__(inner)
        self._part = part
        self.on = True

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if self.on and self._part in path:
            raise Unreachable
        return await super().send(method, path, headers, body)


class FailingFirst(Through):
    """Refuses the first time, and then no more."""

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if not self.calls:
            self.calls += 1
            raise Unreachable
        return await super().send(method, path, headers, body)


class Taking(Through):
    """Takes its time, on a clock that nobody has to wait for."""

    def __init__(self, inner: Transport, clock: VirtualMonotonic, seconds: float) -> None:
        super().__init__(inner)
        self._clock = clock
        self.seconds = seconds

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        reply = await super().send(method, path, headers, body)
        self._clock.seconds += self.seconds
        return reply
