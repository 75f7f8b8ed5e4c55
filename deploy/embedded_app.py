"""The one ASGI app of the embedded mode: the practitioners' pages, the gateway's API and the issuer.

It listens before everything is there, because a newcomer needs seconds to open what it prints. What is made
ready while it listens is a ``Later``: a request that needs it waits for it, and is not refused.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Generic, TypeVar

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.composition import Suite

T = TypeVar("T")

IDENTITY_PATH = "/identity"
NEEDS_NO_RECORDS = ("/docs", "/static-offline-docs/", "/openapi.json", "/healthz", "/metrics")
OF_THE_GATEWAY = (*NEEDS_NO_RECORDS, "/v1/", "/readyz")

Work = Callable[[], Awaitable[None]]

_log = logging.getLogger("uvicorn.error")


class Later(Generic[T]):
    """What is ready a moment after the app began to serve.

    Whoever asks for it sooner waits; if it could not be made, everybody who asks meets the same error.
    """

    def __init__(self, make: Callable[[], Awaitable[T]]) -> None:
        self._make = make
        self._making: asyncio.Task[T] | None = None

    async def get(self) -> T:
        if self._making is None:
            self._making = asyncio.ensure_future(self._make())
        return await asyncio.shield(self._making)


async def nothing() -> None:
    """There is nothing to do beside serving."""


async def no_pages() -> None:
    """What the pages look like was not built."""


class EmbeddedApp:
    """``first_story`` and ``pages`` are waited for by the requests that need them, ``afterwards`` (the other
    stories) and ``daily`` (the clocks) by nobody. All of it ends with the app."""

    def __init__(
        self,
        suite: Suite,
        issuer_app: ASGIApp,
        *,
        first_story: Work = nothing,
        pages: Callable[[], Awaitable[FastAPI | None]] = no_pages,
        afterwards: Work = nothing,
        daily: Work = nothing,
    ) -> None:
        self.suite = suite
        self._issuer_app = issuer_app
        self._first_story = Later(first_story)
        self._pages = Later(pages)
        self._afterwards = afterwards
        self._daily = daily

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(f"{IDENTITY_PATH}/"):
            inner = {**scope, "path": scope["path"].removeprefix(IDENTITY_PATH)}
            await self._issuer_app(inner, receive, send)
        else:
            app = await self._app_for(scope["path"])
            await app(scope, receive, send)

    async def _app_for(self, path: str) -> ASGIApp:
        if path.startswith(NEEDS_NO_RECORDS):
            return self.suite.gateway
        await self._first_story.get()
        if path.startswith(OF_THE_GATEWAY):
            return self.suite.gateway
        return await self._pages.get() or self.suite.gateway

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.suite.running())
            await send({"type": "lifespan.startup.complete"})
            beside = asyncio.ensure_future(self._beside(stack))
            await receive()
            beside.cancel()
            await asyncio.wait([beside])
        await send({"type": "lifespan.shutdown.complete"})

    async def _beside(self, stack: AsyncExitStack) -> None:
        """What is done while it serves, so that nobody waits for what they do not ask for."""
        try:
            await self._first_story.get()
            pages = await self._pages.get()
            if pages is not None:
                await stack.enter_async_context(pages.router.lifespan_context(pages))
            await self._afterwards()
            await self._daily()
        except Exception:
            _log.exception("What is done beside serving has ended, and will not go on before the next start.")
