"""Worlds for the tests of the gateway: the household is recorded once per store, each module has a copy."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.gateway.household import House, build
from tests.support.gateway import SERVICES, World, add_agencies, running_world
from tests.support.postgres import PostgresServer

STORES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Template:
    """The databases of a world that nobody uses any more, to be copied."""

    databases: Mapping[str, str]
    keys: Path
    house: House
    ended: datetime

    def copy(self, store: str, request: pytest.FixtureRequest, folder: Path) -> Mapping[str, str]:
        if store == "postgres":
            server: PostgresServer = request.getfixturevalue("postgres_server")
            return {
                service: server.create(service, make_url(url).database)
                for service, url in self.databases.items()
            }
        return {
            service: f"sqlite:///{shutil.copy(str(make_url(url).database), folder)}"
            for service, url in self.databases.items()
        }


TemplateOf = Callable[[str], Awaitable[Template]]


@pytest.fixture(scope="session")
def empty_databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Mapping[str, str]]:
    """Fresh migrated databases on a kind of store, for worlds that outlive one test."""

    def make(store: str) -> Mapping[str, str]:
        if store == "postgres":
            server: PostgresServer = request.getfixturevalue("postgres_server")
            return {service: server.create_migrated(service) for service in SERVICES}
        template: Callable[[str], Path] = request.getfixturevalue("sqlite_template")
        folder = tmp_path_factory.mktemp("gateway-databases")
        return {service: f"sqlite:///{shutil.copy(template(service), folder)}" for service in SERVICES}

    return make


@pytest.fixture(scope="session")
def household_template(
    empty_databases: Callable[[str], Mapping[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> TemplateOf:
    """The household on a kind of store, recorded when it is first asked for."""
    made: dict[str, Template] = {}

    async def record(databases: Mapping[str, str], keys: Path) -> tuple[House, datetime]:
        async with running_world(keys, databases) as world:
            await add_agencies(world)
            return await build(world), world.clock.now

    async def template(store: str) -> Template:
        if store not in made:
            databases, keys = empty_databases(store), tmp_path_factory.mktemp(f"household-{store}")
            house, ended = await record(databases, keys)
            made[store] = Template(databases, keys, house, ended)
        return made[store]

    return template


@dataclass(frozen=True)
class HouseWorld:
    """A running world with the household in it."""

    world: World
    house: House


@pytest.fixture(scope="module", params=STORES)
async def home(
    request: pytest.FixtureRequest,
    household_template: TemplateOf,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[HouseWorld]:
    """The household on both stores, shared by the tests of a module."""
    async for opened in opened_home(request, request.param, household_template, tmp_path_factory):
        yield opened


@pytest.fixture(scope="module")
async def sqlite_home(
    request: pytest.FixtureRequest,
    household_template: TemplateOf,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[HouseWorld]:
    """The household on SQLite, shared by the tests of a module in which the store makes no difference."""
    async for opened in opened_home(request, "sqlite", household_template, tmp_path_factory):
        yield opened


@pytest.fixture(params=STORES)
async def own_home(
    request: pytest.FixtureRequest,
    household_template: TemplateOf,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[HouseWorld]:
    """The household of one test alone, on both stores: what it shuts or ends stays so."""
    async for opened in opened_home(request, request.param, household_template, tmp_path_factory):
        yield opened


async def opened_home(
    request: pytest.FixtureRequest,
    store: str,
    household_template: TemplateOf,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[HouseWorld]:
    template = await household_template(store)
    databases = template.copy(store, request, tmp_path_factory.mktemp("home"))
    async with running_world(template.keys, databases, begins=template.ended) as world:
        yield HouseWorld(world, template.house)
