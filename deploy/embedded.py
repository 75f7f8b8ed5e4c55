"""Everything in one process on SQLite: ``make run``. Migrated and seeded on start, on loopback only."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from clients.practitioner.app import create_app as create_pages
from clients.practitioner.rendering import STATIC
from clients.practitioner.settings import PractitionerSettings
from deploy.composition import Suite, compose
from deploy.demo_people import USERS
from deploy.identity.issuer import DevelopmentIssuer, create_issuer_app, require_loopback
from deploy.keys import load_or_make_secret, load_or_make_signing_key
from deploy.migrating import migrate_all
from deploy.seed import seed_first_story, seed_officer, seed_other_stories
from deploy.settings import EmbeddedSettings, embedded_settings
from deploy.stories.client import Refused
from services.case.clocks.operations import run_daily
from shared.clock import utc_now
from shared.service import SERVER, spare_the_collector
from shared.upstream import InProcess

IDENTITY_PATH = "/identity"
OF_THE_GATEWAY = (
    "/v1/",
    "/docs",
    "/static-offline-docs/",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
)
SEEDED, SEEDED_FIRST = "seeded", "seeded-first-story"
SHOWN_USERS = ("nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "tom.ashby", "una.price")


class EmbeddedApp:
    """The practitioners' pages; beside them the gateway's API and, under ``/identity``, the issuer."""

    def __init__(
        self,
        suite: Suite,
        issuer_app: ASGIApp,
        pages: FastAPI | None = None,
        afterwards: Callable[[], Awaitable[None]] | None = None,
        daily: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.suite = suite
        self._issuer_app = issuer_app
        self._pages = pages
        self.afterwards = afterwards
        self.daily = daily

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(f"{IDENTITY_PATH}/"):
            inner = {**scope, "path": scope["path"].removeprefix(IDENTITY_PATH)}
            await self._issuer_app(inner, receive, send)
        elif self._pages is None or scope["path"].startswith(OF_THE_GATEWAY):
            await self.suite.gateway(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.suite.running())
            if self._pages is not None:
                await stack.enter_async_context(self._pages.router.lifespan_context(self._pages))
            await send({"type": "lifespan.startup.complete"})
            later = asyncio.ensure_future(self._beside())
            await receive()
            later.cancel()
            await asyncio.wait([later])
        await send({"type": "lifespan.shutdown.complete"})

    async def _beside(self) -> None:
        """What is done while it serves, so that nobody waits for it."""
        for what in (self.afterwards, self.daily):
            if what is not None:
                await what()


async def _no_pause(_: float) -> None:
    """Before anybody is served nobody can be holding an answer, so nothing has to be waited for."""


def prepare(
    settings: EmbeddedSettings, migrated: Callable[[EmbeddedSettings], None] = migrate_all
) -> tuple[EmbeddedApp, DevelopmentIssuer]:
    """Migrate, seed the first story, and compose the app that is then served.

    ``migrated`` returns when every database stands at its newest schema. The other stories follow while it
    serves: a newcomer need not wait for what they do not read first.
    """
    require_loopback(settings.host)
    keys = settings.folder / "keys"
    issuer_key = load_or_make_signing_key(keys / "issuer.json", "development-issuer")
    url = f"http://{settings.host}:{settings.port}{IDENTITY_PATH}"
    issuer = DevelopmentIssuer(url, issuer_key, USERS)
    migrated(settings)
    if settings.seed and not (settings.folder / SEEDED_FIRST).exists():
        first = compose(keys, settings.database_urls, issuer, sleep=_no_pause, deadline_seconds=30.0)
        asyncio.run(_seed_first(settings, first, issuer))
    suite = compose(keys, settings.database_urls, issuer, deadline_seconds=settings.deadline_seconds)
    seeded = not settings.seed or (settings.folder / SEEDED).exists()
    rest = None if seeded else partial(seed_rest, settings, suite, issuer)
    case = suite.services["case"].state.parts
    daily = partial(run_daily, case.store, case.extra, now=utc_now, sleep=asyncio.sleep, failed=_say)
    return EmbeddedApp(suite, create_issuer_app(issuer), _pages(settings, suite), rest, daily), issuer


def _say(what: str) -> None:
    print(what, flush=True)


def _pages(settings: EmbeddedSettings, suite: Suite) -> FastAPI | None:
    """The practitioners' app, if what its pages look like was built (``make run`` builds it)."""
    if not STATIC.exists():
        return None
    url = f"http://{settings.host}:{settings.port}"
    pages = PractitionerSettings(
        database_url=settings.pages_database_url,
        public_url=url,
        oidc_issuer=f"{url}{IDENTITY_PATH}",
        oidc_client_id="practitioner",
        oidc_client_secret="for development",
        session_key=load_or_make_secret(settings.folder / "keys" / "session.key"),
        people=tuple((user.user, user.name, f"{user.job_title}, {user.agency}") for user in USERS.values()),
    )
    return create_pages(pages, InProcess(suite.gateway))


async def _seed_first(settings: EmbeddedSettings, suite: Suite, issuer: DevelopmentIssuer) -> None:
    async with suite.running():
        await seed_first_story(suite, issuer)
    (settings.folder / SEEDED_FIRST).write_text("James is in these databases.\n", encoding="utf-8")


async def seed_rest(settings: EmbeddedSettings, suite: Suite, issuer: DevelopmentIssuer) -> None:
    """Tell the other stories, once in the life of a folder."""
    try:
        await seed_other_stories(suite, issuer)
        await seed_officer(suite, issuer)
    except Refused as refused:
        print(f"The other demo stories were not told to their end: {refused}", flush=True)
        return
    (settings.folder / SEEDED).write_text("The demo partnership is in these databases.\n", encoding="utf-8")


def welcome(settings: EmbeddedSettings, issuer: DevelopmentIssuer) -> str:
    """What ``make run`` prints: where the API is, and tokens to try it with."""
    base = f"http://{settings.host}:{settings.port}"
    lines = [
        f"Teamaround is up on {base}",
        f"API documentation:  {base}/docs",
        f"A token for anyone: {base}{IDENTITY_PATH}/tokens/USER",
        "Ready-made tokens (12 hours):",
    ]
    for name in SHOWN_USERS:
        user = USERS[name]
        lines += ["", f"{user.name}, {user.job_title}, {user.agency} ({name})", issuer.token(user)]
    return "\n".join(lines) + "\n"


def main(arguments: Mapping[str, int | None], migrated: Callable[[EmbeddedSettings], None]) -> None:
    settings = embedded_settings(arguments.get("port"))
    app, issuer = prepare(settings, migrated)
    config = uvicorn.Config(app, host=settings.host, port=settings.port, **SERVER)
    spare_the_collector()
    server = _AnnouncingServer(config, welcome(settings, issuer))
    server.run()


class _AnnouncingServer(uvicorn.Server):
    """Says that it is up once it really listens."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            print(self._announcement, flush=True)


def start(migrated: Callable[[EmbeddedSettings], None] = migrate_all) -> None:
    parser = argparse.ArgumentParser(description="Run the whole suite in one process, on loopback.")
    parser.add_argument("--port", type=int, default=None)
    main(vars(parser.parse_args()), migrated)


if __name__ == "__main__":
    start()
