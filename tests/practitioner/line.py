"""The line between the app and the gateway, on which answers get lost."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from shared.upstream import Reply, Transport, Unreachable

_NOTHING = {
    "type": "about:blank", "title": "Not found", "status": 404, "detail": "There is nothing here for you.",
}  # fmt: skip


class DoubtfulGateway:
    """The gateway behind a line on which things happen: what it answers next can be set."""

    def __init__(self, gateway: Transport) -> None:
        self._gateway = gateway
        self.answers_next: Reply | Unreachable | None = None
        self.reads_next: dict[str, Reply] = {}
        """What the next read of a path is answered, once."""
        self.is_reached = True
        self.reads_as: Callable[[Any], Any] | None = None
        """What is made of each answer that a read gets."""
        self.is_down = False
        self.hides: str | None = None
        """What the paths begin with that are not there (any more), whoever asks for them."""
        self.asked: list[tuple[str, str]] = []
        """Every call so far: its method, and the path without what is asked of it."""

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """What was set, once, for the next write; where ``is_reached`` the write is done all the same."""
        self.asked.append((method, path.partition("?")[0]))
        if self.is_down:
            raise Unreachable
        if self.hides is not None and path.startswith(self.hides):
            return Reply(404, orjson.dumps(_NOTHING))
        if method == "GET" and path.partition("?")[0] in self.reads_next:
            return self.reads_next.pop(path.partition("?")[0])
        answer = self.answers_next
        if method == "GET":
            return self._read(await self._gateway.send(method, path, headers, body))
        if answer is None:
            return await self._gateway.send(method, path, headers, body)
        self.answers_next = None
        if self.is_reached:
            await self._gateway.send(method, path, headers, body)
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    def _read(self, reply: Reply) -> Reply:
        if self.reads_as is None or not reply.body.startswith((b"{", b"[")):
            return reply
        return Reply(reply.status, orjson.dumps(self.reads_as(reply.json())))

    async def close(self) -> None:
        await self._gateway.close()
