"""What a hundred times as many cases cost: a page of a caseload, and one case (design 5.5).

Two suites in this process, one with 2,000 cases and one with 200,000, are asked by turns through the public
API. Every case has a person, a team of two agencies, and every other one a lead; each user works on a
twentieth of them. Time is processor time, so that what else the machine does falls on neither.
"""

# ruff: noqa: S608 - the statements are put together of constants of this file, and run on files of its own

import asyncio
import gc
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import process_time
from typing import Any

from deploy.composition import compose
from deploy.demo_people import AGENCIES, USERS
from deploy.identity.issuer import DevelopmentIssuer
from deploy.keys import load_or_make_signing_key
from services.consent.agencies.operations import add_first_agency
from shared.database import migrate
from shared.upstream import InProcess

FEW, MANY = 2_000, 200_000
GOAL = 1.3
ROUNDS = 7
ASKED_EACH_ROUND = {"caseload_200k_vs_2k": 4, "case_view_200k_vs_2k": 30}
READER, WORKERS = "nadia.bell", 20
PAGE = "/v1/cases?limit=50"
_DEADLINE_SECONDS = 60.0

_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)"
_MOMENT = "'2026-01-05 09:00:00.000000'"
_USER = f"CASE n % {WORKERS} WHEN 0 THEN '{READER}' ELSE 'worker-' || (n % {WORKERS}) END"


def _id(kind: int) -> str:
    """An id of one kind of thing, scattered as random ids are."""
    return f"printf('%08x-{kind:04d}-4000-8000-%012x', (n * 2654435761) % 4294967296, n)"


_PERSON, _CASE, _NAME, _BIRTH, _OPENING, _MEMBER, _OTHER, _ASKED = (_id(kind) for kind in range(1, 9))


def _entry(id: str, area: str, kind: str, place: str, category: str, fields: str) -> str:
    return (
        "INSERT INTO entries (id, area, kind, person_id, case_id, version, ended_at, owner, accountable, "
        "categories, subjects, recorded_at, author, author_user, fields) "
        f"{_NUMBERS} SELECT {id}, '{area}', '{kind}', {place}, 1, NULL, 'northgate-school', NULL, "
        f"'[\"{category}\"]', '[\"' || {_PERSON} || '\"]', {_MOMENT}, 'Nadia Bell', '{READER}', {fields} "
        "FROM numbers"
    )


def _seat(id: str, user: str, agency: str) -> str:
    return (
        'INSERT INTO memberships (id, case_id, "user", name, agency, role, job_title, telephone, since, '
        f"until, ended_reason, ended_by_user) {_NUMBERS} SELECT {id}, {_CASE}, {user}, 'Somebody', "
        f"'{agency}', 'practitioner', 'Worker', '01632 960100', {_MOMENT}, NULL, NULL, NULL FROM numbers"
    )


_LED = "FROM numbers WHERE n % 2 = 0"
FILLING = (
    f"INSERT INTO people (id, recorded_at, recorded_by_agency) {_NUMBERS} "
    f"SELECT {_PERSON}, {_MOMENT}, 'northgate-school' FROM numbers",
    "INSERT INTO cases (id, person_id, state, opened_at, closed_at, review_on, weight) "
    f"{_NUMBERS} SELECT {_CASE}, {_PERSON}, 'open', {_MOMENT}, NULL, "
    "date('2027-01-01', '+' || (n * 37 % 700) || ' days'), 1 FROM numbers",
    "INSERT INTO case_subjects (case_id, person_id, added_at, added_by_agency) "
    f"{_NUMBERS} SELECT {_CASE}, {_PERSON}, {_MOMENT}, 'northgate-school' FROM numbers",
    _entry(_NAME, "person", "name", f"{_PERSON}, NULL", "identity", '\'{"given_names": "Robin"}\''),
    _entry(_BIRTH, "person", "birth", f"{_PERSON}, NULL", "identity", '\'{"date_of_birth": "2014-02-03"}\''),
    _entry(_OPENING, "case", "case_opening", f"NULL, {_CASE}", "plan", '\'{"reason": "Help"}\''),
    *(
        f"INSERT INTO entry_subjects (person_id, entry_id) {_NUMBERS} SELECT {_PERSON}, {entry} FROM numbers"
        for entry in (_NAME, _BIRTH)
    ),
    _seat(_MEMBER, _USER, "northgate-school"),
    _seat(_OTHER, f"'visitor-' || (n % {WORKERS})", "youth-offending"),
    "INSERT INTO nominations (id, case_id, member_id, state, nominated_at, nominated_by_agency, "
    f"nominated_by_user, answered_at, reason) {_NUMBERS} SELECT {_ASKED}, {_CASE}, {_OTHER}, 'accepted', "
    f"{_MOMENT}, 'northgate-school', '{READER}', {_MOMENT}, NULL {_LED}",
    "INSERT INTO leaderships (nomination_id, case_id, member_id, since, until, reason) "
    f"{_NUMBERS} SELECT {_ASKED}, {_CASE}, {_OTHER}, {_MOMENT}, NULL, NULL {_LED}",
    'INSERT INTO caseload (case_id, agency, "user", review_on, has_lead) '
    'SELECT m.case_id, m.agency, m."user", '
    "c.review_on, EXISTS (SELECT 1 FROM leaderships l WHERE l.case_id = c.id) "
    "FROM memberships m JOIN cases c ON c.id = m.case_id",
    "INSERT INTO vacancies (case_id, since) SELECT c.id, c.opened_at FROM cases c "
    "WHERE NOT EXISTS (SELECT 1 FROM leaderships l WHERE l.case_id = c.id)",
    "ANALYZE",
)


def fill(database: Path, count: int) -> None:
    """So many cases, straight into the tables."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    for statement in FILLING:
        connection.execute(statement, {"count": count} if ":count" in statement else {})
    connection.commit()
    connection.close()


@dataclass(frozen=True)
class Asker:
    """One suite, asked in process as its reader."""

    gateway: InProcess
    token: str
    cases: list[str]

    async def get(self, path: str) -> bytes:
        headers = {"authorization": f"Bearer {self.token}"}
        answer = await self.gateway.send("GET", path, headers, b"")
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        return answer.body


def measure() -> list[dict[str, Any]]:
    """The two ratios: the median over rounds, with the interquartile range as spread."""
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(_measure(Path(name)))


async def _measure(folder: Path) -> list[dict[str, Any]]:
    async with AsyncExitStack() as stack:
        few, many = [await _suite(stack, folder / str(count), count) for count in (FEW, MANY)]
        random = Random(20260101)
        records = []
        for name, asked in ASKED_EACH_ROUND.items():
            ask = _a_page if name.startswith("caseload") else _a_case
            ratios = []
            for number in range(ROUNDS + 1):
                pair = (few, many) if number % 2 else (many, few)
                took = {id(one): await _seconds(ask, one, asked, random) for one in pair}
                ratios.append(took[id(many)] / took[id(few)])
            # The first round warms both.
            records.append(_record(name, ratios[1:], asked))
        return records


async def _suite(stack: AsyncExitStack, folder: Path, count: int) -> Asker:
    databases = await asyncio.to_thread(_databases, folder, count)
    key = load_or_make_signing_key(folder / "issuer.json", "issuer-1")
    issuer = DevelopmentIssuer("http://issuer.example", key, USERS)
    suite = compose(folder / "keys", databases, issuer, deadline_seconds=_DEADLINE_SECONDS)
    await stack.enter_async_context(suite.running())
    own = sqlite3.connect(folder / "case.sqlite3").execute(
        'SELECT case_id FROM caseload WHERE "user" = ?', (READER,)
    )
    cases = [row[0] for row in own]
    assert len(cases) == count // WORKERS
    return Asker(InProcess(suite.gateway), issuer.token(USERS[READER]), cases)


def _databases(folder: Path, count: int) -> dict[str, str]:
    folder.mkdir()
    databases = {s: f"sqlite:///{folder / s}.sqlite3" for s in ("case", "assessment", "consent")}
    for service, url in databases.items():
        migrate(url, f"services.{service}")
    fill(folder / "case.sqlite3", count)
    for agency in AGENCIES:
        add_first_agency(databases["consent"], agency.code, agency.kind, agency.name)
    return databases


async def _a_page(asker: Asker, _: Random) -> bytes:
    answer = await asker.get(PAGE)
    assert answer.count(b'"relationship":"member"') == 50
    return answer


async def _a_case(asker: Asker, random: Random) -> bytes:
    return await asker.get(f"/v1/cases/{random.choice(asker.cases)}")


async def _seconds(
    ask: Callable[[Asker, Random], Awaitable[bytes]], asker: Asker, times: int, random: Random
) -> float:
    gc.collect()
    started = process_time()
    for _ in range(times):
        await ask(asker, random)
    return process_time() - started


def _record(name: str, ratios: list[float], asked: int) -> dict[str, Any]:
    low, _, high = quantiles(ratios, n=4)
    return {
        "name": name,
        "value": round(median(ratios), 3),
        "unit": "ratio",
        "goal": GOAL,
        "n": len(ratios) * asked,
        "spread": round(high - low, 3),
    }


if __name__ == "__main__":
    for record in measure():
        print(record)
