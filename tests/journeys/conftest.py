"""Journeys go through the public API of suites that really run: both modes, both stores, started once."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, select

from deploy.seed import add_agencies
from deploy.stories.client import Api
from deploy.stories.tokens import tokens_from_issuer
from services.consent.ledger.tables import Receipt
from shared.clock import utc_now
from tests.support.gateway import printed_on, released_by, shown_entries, user_of
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
    """Holds every answer to A1: whatever it tells of an entry stands on a durable receipt, at that level.

    An answer that names its receipt is held to that one. Another (a list, a search, the outcome of a write)
    is held to the receipts that its reader's requests have left since it was sent. ``witnessed`` counts what
    was held, so that a journey can say how much that was.

    Three changes that make it fail: a list whose receipt is written after the answer, a line of
    ``not_available`` for an agency that was not decided about, a printed entry that is on no receipt.
    """

    def __init__(self, base_url: str, ledger: Engine) -> None:
        super().__init__(base_url=base_url, timeout=30.0, trust_env=False)
        self._ledger = ledger
        self.witnessed: Counter[str] = Counter()

    async def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        sent = utc_now()
        response = await super().send(request, **how)
        if response.is_success and request.url.path.startswith("/v1/"):
            if response.headers["content-type"].startswith("text/html"):
                self._witness_print(response.text)
            else:
                self._witness(response.json(), user_of(request), sent)
        return response

    def _witness_print(self, page: str) -> None:
        receipt, printed = printed_on(page)
        assert printed == released_by([{"cases": self._cases_of(receipt)}])
        self.witnessed["prints"] += 1
        self.witnessed["entries"] += len(printed)

    def _witness(self, content: Any, user: str, sent: datetime) -> None:
        shown, named = dict(shown_entries(content)), set(people_named(content))
        closed, told = set(not_available_in(content)), set(told_of(content))
        receipt = (
            content["decision"]["receipt"] if isinstance(content, dict) and "decision" in content else None
        )
        if receipt is None and not (shown or named or closed or told):
            return
        cases = self._cases_of(receipt) if receipt else self._cases_since(user, sent)
        cells = [cell for case in cases for cell in case["cells"]]
        released = released_by([{"cases": cases}])
        assert shown.items() <= released.items()
        assert told <= released.keys()
        assert named <= {who for cell in cells if cell["entries"] for who in cell["subjects"]}
        assert closed <= {cell["owner"] for cell in cells if cell["level"] == "existence"}
        self.witnessed["views" if receipt else "lists"] += 1
        for what, many in (("entries", shown), ("names", named), ("not_available", closed), ("told", told)):
            self.witnessed[what] += len(many)

    def _cases_of(self, receipt: str) -> list[Any]:
        with self._ledger.connect() as connection:
            found: list[Any] = connection.execute(
                select(Receipt.cases).where(Receipt.id == receipt)
            ).scalar_one()
        return found

    def _cases_since(self, user: str, sent: datetime) -> list[Any]:
        since = select(Receipt.cases).where(Receipt.user == user, Receipt.at >= sent)
        with self._ledger.connect() as connection:
            return [case for cases in connection.execute(since).scalars() for case in cases]


def people_named(content: Any) -> Iterator[str]:
    """Whoever an answer names on a card, wherever it stands in it."""
    for card in _dicts_in(content):
        person = card.get("person")
        if isinstance(person, dict) and person.get("name") is not None:
            yield person["id"]


def not_available_in(content: Any) -> Iterator[str]:
    """Each agency of which an answer tells that it holds something."""
    for part in _dicts_in(content):
        for line in part.get("not_available") or ():
            yield line["agency"]


def told_of(content: Any) -> Iterator[str]:
    """The entries of which a timeline tells that they were recorded."""
    for part in _dicts_in(content):
        for event in part.get("timeline") or ():
            if event["what"] == "recorded":
                yield event["entry"]


def _dicts_in(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
    for value in (
        content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    ):
        yield from _dicts_in(value)


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
