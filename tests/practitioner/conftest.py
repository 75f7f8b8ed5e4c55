"""The household's world with the practitioners' app in front of it, and browsers without scripts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from clients.practitioner.app import create_app
from clients.practitioner.build_assets import build
from clients.practitioner.rendering import STATIC
from clients.practitioner.settings import PractitionerSettings
from deploy.identity.issuer import create_issuer_app
from shared.migration import migrate
from shared.upstream import InProcess
from tests.conftest import MISSING_CHROMIUM
from tests.gateway.conftest import (  # noqa: F401 - fixtures that these tests take by name
    HouseWorld,
    empty_databases,
    household_template,
    sqlite_home,
)
from tests.practitioner.browser import PAGES, Desk
from tests.practitioner.chromium import find_chromium, running_chromium
from tests.practitioner.demo import copied
from tests.practitioner.every_page import EveryPage, read_every_page
from tests.practitioner.line import DoubtfulGateway
from tests.practitioner.shapes import Addresses, told_in
from tests.practitioner.u1_pages import PAGES as LOOKED_AT
from tests.support.gateway import ISSUER


@pytest.fixture(scope="session")
def built_assets() -> Path:
    """What the pages look like, built if ``make`` has not."""
    if not STATIC.exists():
        build()
    return STATIC


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, built_assets: Path) -> tuple[Path, Addresses]:
    """A folder in which the demo partnership is, and the address of a page of every route in it."""
    folder = tmp_path_factory.mktemp("site") / "told"
    folder.mkdir()
    return folder, asyncio.run(told_in(folder, LOOKED_AT))


@pytest.fixture(scope="session")
def every_page(told: tuple[Path, Addresses]) -> EveryPage:
    """Its pages, as they come."""
    return asyncio.run(read_every_page(copied(told[0]), told[1]))


@pytest.fixture(scope="module")
def chromium(told: tuple[Path, Addresses]) -> Iterator[Chromium]:
    """Not for longer than a file of tests: while it runs, nothing else in this thread has an event loop."""
    path = find_chromium()
    if path is None:
        pytest.skip(MISSING_CHROMIUM)
    with running_chromium(path) as browser:
        yield browser


@pytest.fixture(scope="module")
async def desk(
    sqlite_home: HouseWorld,  # noqa: F811
    built_assets: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Desk]:
    """The app over the household, for browsers of any user."""
    world, folder = sqlite_home.world, tmp_path_factory.mktemp("practitioner")
    database = f"sqlite:///{folder / 'practitioner'}.sqlite3"
    migrate(database, "clients.practitioner")
    settings = PractitionerSettings(
        database_url=database,
        public_url=PAGES,
        oidc_issuer=ISSUER,
        oidc_client_id="practitioner",
        oidc_client_secret="for tests",
        session_key=b"k" * 32,
    )
    issuer = create_issuer_app(world.issuer)
    line = DoubtfulGateway(InProcess(world.suite.gateway))
    app = create_app(settings, line, issuer=issuer, clock=world.clock)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        yield Desk(app, issuer, line, sqlite_home, database)
