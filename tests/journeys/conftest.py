"""Journeys go through the public API of suites that really run: both modes, both stores, started once."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from deploy.seed import add_agencies
from deploy.stories.client import Api, tokens_from_issuer
from tests.support.postgres import SERVICES, PostgresServer
from tests.support.suite import RunningSuite, embedded, processes

WAYS_TO_RUN = [(mode, store) for mode in ("embedded", "processes") for store in ("sqlite", "postgres")]


@pytest.fixture(scope="session")
def databases_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Mapping[str, str]]:
    """Fresh migrated databases on a kind of store, for suites that outlive one test."""

    def make(store: str) -> Mapping[str, str]:
        if store == "postgres":
            server: PostgresServer = request.getfixturevalue("postgres_server")
            return {service: server.create_migrated(service) for service in SERVICES}
        template: Callable[[str], Path] = request.getfixturevalue("sqlite_template")
        folder = tmp_path_factory.mktemp("journey-databases")
        return {service: f"sqlite:///{shutil.copy(template(service), folder)}" for service in SERVICES}

    return make


@pytest.fixture(scope="session", params=WAYS_TO_RUN, ids=lambda way: "-".join(way))
def suite(
    request: pytest.FixtureRequest,
    databases_of: Callable[[str], Mapping[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningSuite]:
    mode, store = request.param
    start = embedded if mode == "embedded" else processes
    with start(tmp_path_factory.mktemp(f"{mode}-{store}"), databases_of(store)) as running:
        yield running


@pytest.fixture
async def client(suite: RunningSuite) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=suite.url, timeout=30.0, trust_env=False) as opened:
        yield opened


@pytest.fixture
async def api(suite: RunningSuite, client: httpx.AsyncClient) -> Api:
    """The public API of a suite in which the demo agencies are there."""
    opened = Api(client, tokens_from_issuer(client, suite.issuer))
    await add_agencies(opened)
    return opened
