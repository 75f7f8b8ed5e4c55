"""The case service in process, and the people who use it: called as the gateway calls it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text

from services.case.app import create_app
from services.case.base import Base
from shared.clock import DEADLINE_HEADER, Deadline
from shared.identity import Caller, InternalTokens, new_signing_key, public_part
from shared.problems import Problem
from shared.service import DataServiceSettings
from shared.upstream import InProcess, Reply, Upstream
from tests.conftest import Databases

KEY = new_signing_key("gateway-1")
D = 1.0
START = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
Json = dict[str, Any]

SCHOOL = Caller("priya", "Priya Nair", "northgate-school", "practitioner")
YOT = Caller("yusuf", "Yusuf Rahman", "youth-offending", "practitioner")
HOUSING = Caller("hanna", "Hanna Berg", "city-housing", "practitioner")
SCHOOL_MANAGER = Caller("meera", "Meera Shah", "northgate-school", "team_manager")
TODAY = START.date()


class TurnableClock:
    """A clock that stands still until it is turned."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class CaseService:
    """The running service, with what tests ask of it said in one line."""

    upstream: Upstream
    app: Any
    clock: TurnableClock
    tokens: InternalTokens
    url: str
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._engine = create_engine(self.url)

    async def call(
        self, caller: Caller, method: str, path: str, content: Any = None, *, key: str | None = None
    ) -> Any:
        return await self.upstream.call(
            method,
            path,
            token=self.tokens.mint(caller, "case"),
            request_id="test",
            deadline=Deadline(D),
            patience=Deadline(30),
            content=content,
            headers={} if key is None else {"idempotency-key": key},
        )

    async def post(self, caller: Caller, path: str, content: Any = None, *, key: str | None = None) -> Any:
        return await self.call(caller, "POST", path, content, key=key)

    async def patch(self, caller: Caller, path: str, content: Any, *, key: str | None = None) -> Any:
        return await self.call(caller, "PATCH", path, content, key=key)

    async def get(self, caller: Caller, path: str) -> Any:
        return await self.call(caller, "GET", path)

    async def person(self, caller: Caller = SCHOOL, **name: Any) -> str:
        fields = name or {"given_names": "James", "family_name": "Hartley"}
        born = {"kind": "birth", "fields": {"date_of_birth": "2016-05-14"}}
        answer = await self.post(caller, "/people", {"details": [{"kind": "name", "fields": fields}, born]})
        return str(answer["id"])

    async def case(self, caller: Caller = SCHOOL, *, person: str | None = None, **more: Any) -> str:
        body = {
            "person": person or await self.person(caller),
            "reason": "His mother asked for help.",
            "opener": {"job_title": "Head of year", "telephone": "01632 960100"},
            **more,
        }
        answer = await self.post(caller, "/cases", body)
        return str(answer["id"])

    async def join(self, case: str, who: Caller, by: Caller = SCHOOL) -> str:
        body = {
            "user": who.user,
            "name": who.name,
            "agency": who.agency,
            "role": who.role,
            "job_title": "Worker",
            "telephone": "01632 960101",
        }
        answer = await self.post(by, f"/cases/{case}/team", body)
        return str(answer["id"])

    async def bundle(self, case: str, caller: Caller = SCHOOL) -> Json:
        found: Json = await self.get(caller, f"/cases/{case}/bundle")
        return found

    async def member(self, case: str, who: Caller) -> str:
        team = (await self.bundle(case))["team"]
        return str(next(m["id"] for m in team if m["user"] == who.user and m["until"] is None))

    async def nominate(self, case: str, who: Caller, by: Caller | None = None) -> str:
        by = by or (YOT if who.user == SCHOOL.user else SCHOOL)
        body = {"member": await self.member(case, who)}
        return str((await self.post(by, f"/cases/{case}/nominations", body))["id"])

    async def lead(self, case: str, who: Caller) -> str:
        nomination = await self.nominate(case, who)
        await self.post(who, f"/cases/{case}/nominations/{nomination}/acceptance")
        return nomination

    async def problem(
        self, caller: Caller, method: str, path: str, content: Any = None, *, key: str | None = None
    ) -> Problem:
        """The problem that the service answers with; a test fails where there is none."""
        try:
            answer = await self.call(caller, method, path, content, key=key)
        except Problem as problem:
            return problem
        raise AssertionError(f"{method} {path} was answered: {answer}")

    async def raw(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """An answer as it stands, to whatever bytes and headers; Priya's token unless another is given."""
        usual = {
            "authorization": f"Bearer {self.tokens.mint(SCHOOL, 'case')}",
            "content-type": "application/json",
            DEADLINE_HEADER.lower(): str(D),
        }
        return await InProcess(self.app).send(method, path, {**usual, **headers}, body)

    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self._engine.connect() as connection:
            return {
                table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                for table in Base.metadata.tables
            }

    def select(self, statement: str) -> list[Any]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def queries() -> Iterator[list[tuple[str, Any]]]:
    """Every SELECT that reaches a database while this lasts, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def service(databases: Databases) -> AsyncIterator[CaseService]:
    async for started in start(databases["case"]):
        yield started


async def start(url: str) -> AsyncIterator[CaseService]:
    clock = TurnableClock()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.turn(seconds=seconds)
        await asyncio.sleep(0)

    settings = DataServiceSettings(database_url=url, gateway_keys={"keys": [public_part(KEY)]})
    app = create_app(settings, clock=clock, sleep=sleep)
    async with app.router.lifespan_context(app):
        upstream = Upstream("case", InProcess(app))
        service = CaseService(upstream, app, clock, InternalTokens(KEY, clock), url, slept)
        try:
            yield service
        finally:
            service.close()
