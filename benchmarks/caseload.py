"""What a hundred times as many cases cost (design 5.5): a page of a caseload, one case, the worklists, a
search for somebody, and the reports for managers.

A report counts what its quarter holds, and a quarter holds the same in both suites: measured is whether it
reads the others too. It is made when it is first read, and kept; here each is made anew.

Two suites in this process, one with 2,000 cases and one with 200,000, are asked by turns through the public
API. Time is processor time, so that what else the machine does falls on neither; with PostgreSQL
(``python -m benchmarks.caseload postgres``) that of the server's processes for the suites is added, which
Linux tells.
"""

import asyncio
import gc
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Connection, create_engine, text

from benchmarks.filling import IN_A_QUARTER, READER, SOUGHT, WORKERS, fill
from benchmarks.record import record
from deploy.composition import compose
from deploy.demo_people import AGENCIES, USERS
from deploy.identity.issuer import DevelopmentIssuer
from deploy.keys import load_or_make_signing_key
from services.consent.agencies.operations import add_first_agency
from shared.migration import migrate
from shared.upstream import InProcess

FEW, MANY = 2_000, 200_000
GOAL, LONGEST = 1.3, 1.0
"""Ratios; and D in seconds, after which an answer is dropped (design 3.3)."""
ROUNDS = 7
PAGE = "/v1/cases?limit=50"
WORKLISTS = (
    "/v1/cases?limit=50&filter=review_overdue",
    "/v1/worklists/promises?limit=50&whose=mine&overdue=true",
    "/v1/worklists/awaiting-answer?limit=50",
    "/v1/notices?limit=50",
)
MANAGER = "grace.obi"
REPORTS = tuple(
    f"/v1/reports/{report}?by={by}&period=2026-Q1"
    for report, by in (
        ("cases-opened", "agency"), ("cases-opened", "area"), ("cases-opened", "need"),
        ("waits-for-a-lead", "outcome"), ("cases-closed", "outcome"), ("answers-to-referrals", "outcome"),
        ("waits-for-an-answer", "outcome"), ("answers-to-nominations", "outcome"),
    )
)  # fmt: skip
_DEADLINE_SECONDS = 60.0
_SERVICES = ("case", "assessment", "consent")


@dataclass(frozen=True)
class Asker:
    """One suite, asked in process as its reader."""

    gateway: InProcess
    token: str
    manager: str
    cases: list[str]
    database: str

    async def get(self, path: str, token: str | None = None) -> bytes:
        return await self._send("GET", path, token or self.token, b"")

    async def post(self, path: str, content: Any) -> bytes:
        return await self._send("POST", path, self.token, json.dumps(content).encode())

    async def _send(self, method: str, path: str, token: str, body: bytes) -> bytes:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        answer = await self.gateway.send(method, path, headers, body)
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        return answer.body

    def forget_reports(self) -> None:
        """As if nobody had read a report yet."""
        engine = create_engine(self.database)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM published_reports"))
        engine.dispose()


Ask = Callable[[Asker, Random], Awaitable[None]]


def measure() -> list[dict[str, Any]]:
    """The ratios on SQLite: the median over rounds, with the interquartile range as spread."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = [
            {service: f"sqlite:///{folder}/{count}-{service}.sqlite3" for service in _SERVICES}
            for count in (FEW, MANY)
        ]
        return asyncio.run(_measure(folder, few, many, process_time))


def measure_on_postgres() -> list[dict[str, Any]]:
    """The same on a PostgreSQL of its own, out of the wheel that the tests use."""
    from tests.support.postgres import postgres_server

    with tempfile.TemporaryDirectory() as name, postgres_server() as server:
        few, many = [{service: server.create(service) for service in _SERVICES} for _ in (FEW, MANY)]
        with create_engine(server.admin_url, isolation_level="AUTOCOMMIT").connect() as admin:
            clock = partial(_seconds_of_all, admin)
            return asyncio.run(_measure(Path(name), few, many, clock))


def _seconds_of_all(admin: Connection) -> float:
    """Processor time of this process and of all that serve a client on the server's side."""
    serving = admin.execute(text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"))
    nanoseconds = [int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in serving.scalars()]
    return process_time() + sum(nanoseconds) / 1e9


async def _measure(
    folder: Path, few: Mapping[str, str], many: Mapping[str, str], clock: Callable[[], float]
) -> list[dict[str, Any]]:
    async with AsyncExitStack() as stack:
        pair = [
            await _suite(stack, folder / str(count), databases, count)
            for databases, count in ((few, FEW), (many, MANY))
        ]
        random = Random(20260101)
        ratios = [
            record(name, await _ratios(ask, times, pair, random, clock), "ratio", goal, asked=times)
            for name, (ask, times, goal) in ASKED_EACH_ROUND.items()
        ]
        longest = [await _longest_report(pair[1], clock) for _ in range(ROUNDS)]
        return [*ratios, record("report_seconds_at_200k", longest, "s", LONGEST, asked=len(REPORTS))]


async def _ratios(
    ask: Ask, times: int, pair: list[Asker], random: Random, clock: Callable[[], float]
) -> list[float]:
    ratios = []
    for number in range(ROUNDS + 1):
        took = {}
        for size in (0, 1) if number % 2 else (1, 0):
            took[size] = await _seconds(ask, pair[size], times, random, clock)
        ratios.append(took[1] / took[0])
    # The first round warms both.
    return ratios[1:]


async def _suite(stack: AsyncExitStack, folder: Path, databases: Mapping[str, str], count: int) -> Asker:
    await asyncio.to_thread(_prepare, folder, databases, count)
    key = load_or_make_signing_key(folder / "issuer.json", "issuer-1")
    issuer = DevelopmentIssuer("http://issuer.example", key, USERS)
    suite = compose(folder / "keys", databases, issuer, deadline_seconds=_DEADLINE_SECONDS)
    await stack.enter_async_context(suite.running())
    engine = create_engine(databases["case"])
    with engine.connect() as connection:
        own = text('SELECT case_id FROM caseload WHERE "user" = :reader ORDER BY case_id')
        cases = list(connection.execute(own, {"reader": READER}).scalars())
    engine.dispose()
    assert len(cases) == count // WORKERS
    reader, manager = issuer.token(USERS[READER]), issuer.token(USERS[MANAGER])
    return Asker(InProcess(suite.gateway), reader, manager, cases, databases["case"])


def _prepare(folder: Path, databases: Mapping[str, str], count: int) -> None:
    folder.mkdir()
    for service, url in databases.items():
        migrate(url, f"services.{service}")
    print(f"  {count:,} cases: ", end="", flush=True)
    began = perf_counter()
    fill(databases["case"], count, says=lambda _: print(".", end="", flush=True))
    print(f" {perf_counter() - began:.0f} s", flush=True)
    for agency in AGENCIES:
        add_first_agency(databases["consent"], agency.code, agency.kind, agency.name)


async def _a_page(asker: Asker, _: Random) -> None:
    answer = await asker.get(PAGE)
    assert answer.count(b'"relationship":"member"') == 50


async def _a_case(asker: Asker, random: Random) -> None:
    await asker.get(f"/v1/cases/{random.choice(asker.cases)}")


async def _the_worklists(asker: Asker, _: Random) -> None:
    for path in WORKLISTS:
        answer = await asker.get(path)
        assert answer.count(b'"id":') >= 50, (path, answer[:300])


async def _a_search(asker: Asker, _: Random) -> None:
    answer = await asker.post("/v1/people/search", SOUGHT)
    assert answer.count(b'"person":') == 1, answer[:300]


async def _longest_report(asker: Asker, clock: Callable[[], float]) -> float:
    """How long the slowest of the reports takes when it is read for the first time."""
    asker.forget_reports()
    took = []
    for path in REPORTS:
        started = clock()
        await asker.get(path, asker.manager)
        took.append(clock() - started)
    return max(took)


async def _the_reports(asker: Asker, _: Random) -> None:
    asker.forget_reports()
    people = [json.loads(await asker.get(path, asker.manager))["total"] for path in REPORTS]
    assert people[:4] == [IN_A_QUARTER] * 4, "a quarter holds the same, however many there are"


ASKED_EACH_ROUND: Mapping[str, tuple[Ask, int, float | None]] = {
    "caseload_200k_vs_2k": (_a_page, 4, GOAL),
    "case_view_200k_vs_2k": (_a_case, 30, GOAL),
    "worklists_200k_vs_2k": (_the_worklists, 2, GOAL),
    "search_200k_vs_2k": (_a_search, 30, GOAL),
    "reports_200k_vs_2k": (_the_reports, 1, None),
}
"""What is asked, how often in each round, and the most that it may cost. Reports have no ratio to keep to:
they read two thousand rows that lie far apart among more of them; they have the deadline."""


async def _seconds(ask: Ask, asker: Asker, times: int, random: Random, clock: Callable[[], float]) -> float:
    gc.collect()
    started = clock()
    for _ in range(times):
        await ask(asker, random)
    return clock() - started


if __name__ == "__main__":
    for measured in measure_on_postgres() if sys.argv[1:] == ["postgres"] else measure():
        print(measured)
