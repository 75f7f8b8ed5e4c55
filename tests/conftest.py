"""Fixtures for every test. Whatever needs a store takes ``databases`` and so runs on both kinds."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.service import spare_the_collector
from tests.support import postgres
from tests.support.sharing_out import SharingOut, takes_long

MISSING_CHROMIUM = (
    "NO CHROMIUM ON THIS MACHINE: no page was looked at in a browser. Install the package chromium."
)
MEMORY = Path("/dev/shm")
MEMORY_AT_LEAST = 4 << 30
"""Free bytes. Containers often have 64 MB there, which is not enough."""


def pytest_configure() -> None:
    """Put what tests write where it is flushed at once, if there is such a place and enough of it, and unless
    another was chosen.

    A third of the time of many tests was the disk's. What they show about flushing is its order, and what
    is killed are processes, never the machine: both are the same there.
    """
    chosen = {"TMPDIR", "PYTEST_DEBUG_TEMPROOT"} & os.environ.keys()
    if chosen or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= MEMORY_AT_LEAST:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: groups of files that share something, then those of the properties."""
    properties = {item.path for item in items if item.get_closest_marker("property") is not None}
    items.sort(key=lambda item: (not takes_long(item.nodeid), item.path not in properties))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingOut:
    return SharingOut(config, log)


def pytest_collection_finish() -> None:
    """As the services do once they run: looking through all that is imported took a tenth of the time."""
    spare_the_collector()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly that pages were looked at in no browser, if that is so."""
    for report in terminalreporter.stats.get("skipped", ()):
        if MISSING_CHROMIUM in str(report.longrepr):
            terminalreporter.write_line(MISSING_CHROMIUM, red=True, bold=True)
            return


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=20260101, help="of the properties' random worlds")
    parser.addoption("--scale", type=float, default=1.0, help="times the everyday number of cases")


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seed"))


@pytest.fixture(scope="session")
def scale(request: pytest.FixtureRequest) -> float:
    """What a property multiplies its number of cases with: 1 in ``make test``, more in ``make verify``."""
    return float(request.config.getoption("--scale"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    with postgres.postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def store_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Databases(Mapping[str, str]):
    """The URL of each service's database, migrated, made when first asked for."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make
        self.made: dict[str, str] = {}

    def __getitem__(self, service: str) -> str:
        if service not in postgres.SERVICES:
            raise KeyError(service)
        if service not in self.made:
            self.made[service] = self._make(service)
        return self.made[service]

    def __iter__(self) -> Iterator[str]:
        return iter(postgres.SERVICES)

    def __len__(self) -> int:
        return len(postgres.SERVICES)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A migrated SQLite file per service, to be copied."""
    folder = tmp_path_factory.mktemp("templates")

    def template(service: str) -> Path:
        from shared.migration import migrate

        file = folder / f"{service}.sqlite3"
        if not file.exists():
            migrate(f"sqlite:///{file}", f"services.{service}")
        return file

    return template


@pytest.fixture
def make_databases(
    store_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], Databases]]:
    """Make a set of databases, for tests that compare several worlds."""
    sets: list[Databases] = []

    if store_kind == "sqlite":
        template: Callable[[str], Path] = request.getfixturevalue("sqlite_template")

        def make() -> Databases:
            folder = tmp_path / f"world-{len(sets)}"
            folder.mkdir()
            sets.append(
                Databases(lambda service: f"sqlite:///{shutil.copy(template(service), folder)}"),
            )
            return sets[-1]

        yield make
    else:
        server: postgres.PostgresServer = request.getfixturevalue("postgres_server")

        def make() -> Databases:
            sets.append(Databases(server.create_migrated))
            return sets[-1]

        yield make
        for databases in sets:
            for service, url in databases.made.items():
                server.give_back(service, url)


@pytest.fixture
def databases(make_databases: Callable[[], Databases]) -> Databases:
    """Fresh databases of this test: ``databases["case"]`` is the URL of the case service's."""
    return make_databases()
