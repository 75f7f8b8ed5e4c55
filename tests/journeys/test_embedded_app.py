"""The embedded mode listens before everything is there; what needs the rest waits and is not refused."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from deploy.embedded import prepare
from deploy.embedded_app import EmbeddedApp
from deploy.migrating import migrate_all
from deploy.settings import DATA_SERVICES, EmbeddedSettings
from shared.upstream import InProcess, Reply, Unreachable
from tests.support.lifespan import DOWN, UP, Lifespan


class Beside:
    """Work beside serving, each piece of which ends when a test says so."""

    def __init__(self, happened: list[str]) -> None:
        self._happened = happened
        self._may_end = {what: asyncio.Event() for what in ("first story", "pages", "stories", "clocks")}

    def let_end(self, *whats: str) -> None:
        for what in whats:
            self._may_end[what].set()

    async def _do(self, what: str) -> None:
        self._happened.append(what)
        try:
            await self._may_end[what].wait()
        finally:
            self._happened.append(f"end of {what}")

    async def first_story(self) -> None:
        await self._do("first story")

    async def pages(self) -> FastAPI:
        await self._do("pages")
        pages = FastAPI()
        pages.get("/")(lambda: "the first page")
        return pages

    async def stories(self) -> None:
        await self._do("stories")

    async def clocks(self) -> None:
        await self._do("clocks")


def settings_in(folder: Path) -> EmbeddedSettings:
    urls = {service: f"sqlite:///{folder / service}.sqlite3" for service in DATA_SERVICES}
    return EmbeddedSettings(folder, "127.0.0.1", 8000, 1.0, False, urls)


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[[Beside], EmbeddedApp]:
    settings = settings_in(tmp_path)
    migrate_all(settings)
    suite = prepare(settings)[0].suite

    def make(beside: Beside) -> EmbeddedApp:
        return EmbeddedApp(
            suite,
            suite.gateway,
            first_story=beside.first_story,
            pages=beside.pages,
            afterwards=beside.stories,
            daily=beside.clocks,
        )

    return make


async def get(app: EmbeddedApp, path: str) -> Reply:
    return await InProcess(app).send("GET", path, {}, b"")


async def settle() -> None:
    """Let everything run that can, the threads of the stores too."""
    for _ in range(20):
        await asyncio.sleep(0.005)


@pytest.mark.anyio
async def test_what_is_done_beside_serving_begins_once_it_serves_and_ends_with_it(
    make_app: Callable[[Beside], EmbeddedApp],
) -> None:
    """Fails when the start waits for the stories or the clocks, or when either outlives the server."""
    happened: list[str] = []
    beside = Beside(happened)
    beside.let_end("first story", "pages", "stories")
    async with Lifespan(make_app(beside), happened):
        await settle()
        assert happened[-1] == "clocks"
    told = [step for what in ("first story", "pages", "stories") for step in (what, f"end of {what}")]
    assert happened == [UP, *told, "clocks", "end of clocks", DOWN]


@pytest.mark.anyio
async def test_who_asks_before_the_first_story_is_told_waits_and_is_then_answered(
    make_app: Callable[[Beside], EmbeddedApp],
) -> None:
    """Fails when records are read, or readiness is said, while the story is being told; when it is told
    twice because two ask; or when what needs no records waits too."""
    happened: list[str] = []
    beside = Beside(happened)
    app = make_app(beside)
    async with Lifespan(app, happened):
        asked = {path: asyncio.ensure_future(get(app, path)) for path in ("/v1/me", "/readyz", "/")}
        alive, documents = await get(app, "/healthz"), await get(app, "/docs")
        assert (alive.status, documents.status) == (200, 200)
        await settle()
        assert [path for path, reply in asked.items() if reply.done()] == []
        beside.let_end("first story")
        await settle()
        assert [path for path, reply in asked.items() if reply.done()] == ["/v1/me", "/readyz"]
        beside.let_end("pages")
        answers = {path: (await reply).status for path, reply in asked.items()}
        assert answers == {"/v1/me": 401, "/readyz": 200, "/": 200}
        await settle()
    assert (happened.count("first story"), happened.count("pages")) == (1, 1)


@pytest.mark.anyio
async def test_where_the_first_story_cannot_be_told_nothing_is_said_to_be_ready(
    make_app: Callable[[Beside], EmbeddedApp], caplog: pytest.LogCaptureFixture
) -> None:
    """Fails when a half-told story is served, or when nobody learns of it."""
    happened: list[str] = []
    beside = Beside(happened)

    async def broken() -> None:
        raise RuntimeError("The story ended in the middle.")

    beside.first_story = broken  # type: ignore[method-assign]
    app = make_app(beside)
    async with Lifespan(app, happened):
        with pytest.raises(Unreachable):
            await get(app, "/readyz")
        assert (await get(app, "/healthz")).status == 200
        await settle()
    assert "What is done beside serving has ended" in caplog.text
    assert "stories" not in happened
