"""Journeys go through the public API of suites that really run: both modes, both stores, started once."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, select

from deploy.seed import add_agencies
from deploy.stories.client import Api, tokens_from_issuer
from services.consent.ledger.tables import Receipt
from tests.support.gateway import released_by, shown_entries
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


class WitnessedClient(httpx.AsyncClient):
    """Holds every answer to A1: what it shows stands on a durable receipt, at that level."""

    def __init__(self, base_url: str, ledger: Engine) -> None:
        super().__init__(base_url=base_url, timeout=30.0, trust_env=False)
        self._ledger = ledger
        self.witnessed = 0

    async def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        response = await super().send(request, **how)
        if response.status_code == 200:
            content = response.json()
            if isinstance(content, dict) and "decision" in content:
                self._witness(content)
        return response

    def _witness(self, content: dict[str, Any]) -> None:
        shown = set(shown_entries(content))
        statement = select(Receipt.cases).where(Receipt.id == content["decision"]["receipt"])
        with self._ledger.connect() as connection:
            cases = connection.execute(statement).scalar_one()
        released = released_by([{"cases": cases}])
        assert shown <= set(released.items())
        self.witnessed += 1


@pytest.fixture
async def client(suite: RunningSuite) -> AsyncIterator[WitnessedClient]:
    ledger = create_engine(suite.databases["consent"])
    async with WitnessedClient(suite.url, ledger) as opened:
        yield opened
    ledger.dispose()


@pytest.fixture
async def api(suite: RunningSuite, client: WitnessedClient) -> Api:
    """The public API of a suite in which the demo agencies are there."""
    opened = Api(client, tokens_from_issuer(client, suite.issuer))
    await add_agencies(opened)
    return opened
