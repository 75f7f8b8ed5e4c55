"""The demo partnership served from this process, behind a line on which answers get lost."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import uvicorn
from playwright.sync_api import Browser, Page

from tests.practitioner.browser import Browser as PlainBrowser
from tests.practitioner.demo import DemoSite, running_demo
from tests.support.suite import free_port

_STARTS_WITHIN_SECONDS = 60.0
Result = TypeVar("Result")


@dataclass
class ServedDemo:
    """``site`` lives on a loop in a thread of its own, on which ``done`` does things."""

    url: str
    site: DemoSite
    loop: asyncio.AbstractEventLoop

    def done(self, what: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(_STARTS_WITHIN_SECONDS)

    def window(self, chromium: Browser, browser: PlainBrowser) -> Page:
        """A window of whoever is signed in there."""
        context = chromium.new_context(base_url=self.url)
        for name, value in browser.cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return context.new_page()

    def opened(self, chromium: Browser, user: str) -> Page:
        return self.window(chromium, self.done(self.site.signed_in(user)))


@contextmanager
def served_demo(folder: Path) -> Iterator[ServedDemo]:
    """The suite over a folder on a free port, until whoever uses it is done."""
    port, is_up, found = free_port(), Event(), dict[str, Any]()

    async def serve() -> None:
        async with running_demo(folder) as site:
            config = uvicorn.Config(site.app, port=port, lifespan="off", log_level="error")
            found["server"] = uvicorn.Server(config)
            found["demo"] = ServedDemo(f"http://127.0.0.1:{port}", site, asyncio.get_running_loop())
            is_up.set()
            await found["server"].serve()

    thread = Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert is_up.wait(_STARTS_WITHIN_SECONDS)
    try:
        yield found["demo"]
    finally:
        found["server"].should_exit = True
        thread.join(_STARTS_WITHIN_SECONDS)
