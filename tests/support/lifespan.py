"""What a server does with an app: says that it lives, and after a while that it stops."""

import asyncio
from collections.abc import MutableMapping
from typing import Any, Self

from starlette.types import ASGIApp

UP, DOWN = "lifespan.startup.complete", "lifespan.shutdown.complete"


class Lifespan:
    """``async with Lifespan(app, happened)``: serving begins and ends; what it says is in ``happened``."""

    def __init__(self, app: ASGIApp, happened: list[str]) -> None:
        self._app, self._happened = app, happened
        self._was_told_to_start = False
        self._is_up, self._is_told_to_stop = asyncio.Event(), asyncio.Event()

    async def __aenter__(self) -> Self:
        self._living = asyncio.ensure_future(self._app({"type": "lifespan"}, self._receive, self._send))
        await self._is_up.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_told_to_stop.set()
        await self._living

    async def _receive(self) -> dict[str, str]:
        if self._was_told_to_start:
            await self._is_told_to_stop.wait()
        self._was_told_to_start = True
        return {"type": "lifespan"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self._happened.append(message["type"])
        if message["type"] == UP:
            self._is_up.set()
