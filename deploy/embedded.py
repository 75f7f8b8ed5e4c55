"""Everything in one process on SQLite: ``make run``. Migrated and seeded on start, on loopback only."""

import argparse
import asyncio
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from deploy.composition import Suite, compose
from deploy.demo_people import USERS
from deploy.embedded_app import IDENTITY_PATH, EmbeddedApp
from deploy.identity.issuer import DevelopmentIssuer, create_issuer_app, require_loopback
from deploy.keys import load_or_make_signing_key
from deploy.seed import seed_first_story, seed_officer, seed_other_stories
from deploy.settings import EmbeddedSettings, embedded_settings
from deploy.stories.client import Refused
from services.case.clocks.operations import run_daily
from shared.clock import utc_now
from shared.service import SERVER, spare_the_collector

SEEDED, SEEDED_FIRST = "seeded", "seeded-first-story"
PEOPLE = "people.json"
SHOWN_USERS = ("nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "tom.ashby", "una.price")
PAGES = Path(__file__).parent.parent / "clients" / "practitioner"


async def _no_pause(_: float) -> None:
    """Before anybody is served nobody can be holding an answer, so nothing has to be waited for."""


def prepare(settings: EmbeddedSettings) -> tuple[EmbeddedApp, DevelopmentIssuer]:
    """Compose what is served over databases that are migrated.

    The first story is told, and the pages are imported, once it listens; whoever asks for them waits.
    The other stories follow.
    """
    require_loopback(settings.host)
    keys = settings.folder / "keys"
    issuer_key = load_or_make_signing_key(keys / "issuer.json", "development-issuer")
    url = f"http://{settings.host}:{settings.port}{IDENTITY_PATH}"
    issuer = DevelopmentIssuer(url, issuer_key, USERS, people=settings.folder / PEOPLE)
    suite = compose(keys, settings.database_urls, issuer, deadline_seconds=settings.deadline_seconds)
    case = suite.services["case"].state.parts
    daily = partial(run_daily, case.store, case.extra, now=utc_now, sleep=asyncio.sleep, failed=_say)
    app = EmbeddedApp(
        suite,
        create_issuer_app(issuer),
        first_story=partial(seed_first, settings, issuer),
        pages=partial(_pages, settings, suite),
        afterwards=partial(seed_rest, settings, suite, issuer),
        daily=daily,
    )
    return app, issuer


def _say(what: str) -> None:
    print(what, flush=True)


async def _pages(settings: EmbeddedSettings, suite: Suite) -> FastAPI | None:
    """The practitioners' app, if what its pages look like was built (``make run`` builds it)."""
    if not (PAGES / "static").exists():
        return None
    # Beside the event loop, because importing them takes as long as a good many answers of the API.
    return await asyncio.to_thread(_compose_pages, settings, suite)


def _compose_pages(settings: EmbeddedSettings, suite: Suite) -> FastAPI:
    from deploy.pages import compose_pages

    return compose_pages(settings, suite.gateway)


async def seed_first(settings: EmbeddedSettings, issuer: DevelopmentIssuer) -> None:
    """Tell James's story, once in the life of a folder."""
    if not settings.seed or (settings.folder / SEEDED_FIRST).exists():
        return
    urls, keys = settings.database_urls, settings.folder / "keys"
    suite = compose(keys, urls, issuer, sleep=_no_pause, deadline_seconds=30.0)
    async with suite.running():
        await seed_first_story(suite, issuer)
    (settings.folder / SEEDED_FIRST).write_text("James is in these databases.\n", encoding="utf-8")


async def seed_rest(settings: EmbeddedSettings, suite: Suite, issuer: DevelopmentIssuer) -> None:
    """Tell the other stories, once in the life of a folder."""
    if not settings.seed or (settings.folder / SEEDED).exists():
        return
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


def main(settings: EmbeddedSettings) -> None:
    """Serve over databases that are migrated, until told to stop."""
    app, issuer = prepare(settings)
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


def settings_of_command() -> EmbeddedSettings:
    """What the environment and the command's ``--port`` say."""
    parser = argparse.ArgumentParser(description="Run the whole suite in one process, on loopback.")
    parser.add_argument("--port", type=int, default=None)
    return embedded_settings(parser.parse_args().port)


if __name__ == "__main__":
    # Imported here, because ``deploy.run`` migrates in another process and need not wait for Alembic.
    from deploy.migrating import migrate_all

    chosen = settings_of_command()
    migrate_all(chosen)
    main(chosen)
