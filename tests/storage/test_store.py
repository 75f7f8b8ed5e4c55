"""The two stores keep what they promise: one transaction per operation, durable when it returns."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, make_url, select, text
from sqlalchemy.exc import IntegrityError, InternalError, ProgrammingError

from services.consent.agencies.tables import Agency
from shared.database import ReadSession, Store, WriteSession, among, engine_for_migrations, open_store
from shared.problems import Problem, conflict
from tests.conftest import Databases
from tests.support.plans import plan_of, statements_of

pytestmark = pytest.mark.anyio
JOINED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
async def store(databases: Databases) -> AsyncIterator[Store]:
    opened = open_store(databases["consent"])
    yield opened
    await opened.close()


def add(session: WriteSession, code: str, joined_at: datetime = JOINED) -> str:
    session.execute(
        insert(Agency).values(code=code, name=code, kind="health", telephone=None, joined_at=joined_at)
    )
    return code


def add_then_fail(session: WriteSession, code: str) -> None:
    add(session, code)
    raise conflict("no")


def run(session: WriteSession, statement: str) -> None:
    session.execute(text(statement))


def tables(session: ReadSession) -> list[str]:
    return list(session.execute(text("SELECT name FROM sqlite_master")).scalars())


def codes(session: ReadSession) -> set[str]:
    return set(session.execute(select(Agency.code)).scalars())


async def test_what_a_write_returned_is_there_for_the_next_read(store: Store) -> None:
    assert await store.write(add, "a") == "a"
    assert await store.read(codes) == {"a"}


async def test_a_write_that_fails_leaves_nothing_and_takes_nothing_else_with_it(store: Store) -> None:
    writes = [store.write(add, f"kept-{n}") for n in range(20)]
    failing = [store.write(add_then_fail, f"lost-{n}") for n in range(10)]
    mixed = [write for pair in zip(writes[:10], failing, strict=True) for write in pair] + writes[10:]
    results = await asyncio.gather(*mixed, return_exceptions=True)
    failures = [result for result in results if isinstance(result, Exception)]
    assert len(failures) == 10
    assert all(isinstance(failure, Problem) and failure.kind == "conflict" for failure in failures)
    assert await store.read(codes) == {f"kept-{n}" for n in range(20)}


async def test_a_database_error_of_one_write_reaches_it_alone(store: Store) -> None:
    results = await asyncio.gather(
        *(store.write(add, code) for code in ("a", "b", "a", "c")), return_exceptions=True
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [IntegrityError]
    assert await store.read(codes) == {"a", "b", "c"}


async def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises((Problem, InternalError)):
        await store.read(add, "a")  # type: ignore[arg-type]
    assert await store.read(codes) == set()


async def test_each_read_finds_what_is_there_now_whatever_the_one_before_had_in_hand(store: Store) -> None:
    await store.write(add, "a")
    in_hand = []

    def name_of_a(session: ReadSession) -> str:
        in_hand.append(session.get_one(Agency, "a"))
        return in_hand[-1].name

    def fail_half_way(session: ReadSession) -> None:
        name_of_a(session)
        session.execute(text("SELECT nothing FROM nowhere"))

    assert await store.read(name_of_a) == "a"
    await store.write(run, "UPDATE agencies SET name = 'renamed'")
    assert await store.read(name_of_a) == "renamed"
    with pytest.raises((Problem, ProgrammingError)):
        await store.read(fail_half_way)
    await store.write(run, "UPDATE agencies SET name = 'once more'")
    assert await store.read(name_of_a) == "once more"


async def test_moments_come_back_in_utc_to_the_microsecond(store: Store) -> None:
    moment = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    await store.write(add, "a", moment)

    def joined(session: ReadSession) -> datetime:
        return session.execute(select(Agency.joined_at)).scalar_one()

    kept = await store.read(joined)
    assert kept == moment
    assert kept.utcoffset() == timedelta(0)


class TestSqlite:
    """What only SQLite must be asked."""

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "one.sqlite3"

    async def test_it_is_set_up_to_lose_nothing(self, file: Path) -> None:
        store = open_store(f"sqlite:///{file}")

        def settings(session: ReadSession) -> list[int | str]:
            names = ("journal_mode", "synchronous", "foreign_keys")
            return [session.execute(text(f"PRAGMA {name}")).scalar_one() for name in names]

        assert await store.read(settings) == ["wal", 2, 1]
        assert await store.write(settings) == ["wal", 2, 1]
        await store.close()

    async def test_a_write_that_nobody_waits_for_any_more_is_not_begun(self, file: Path) -> None:
        store = open_store(f"sqlite:///{file}")
        await store.write(run, "CREATE TABLE t (x)")
        first = asyncio.ensure_future(store.write(run, "INSERT INTO t VALUES (1)"))
        second = asyncio.ensure_future(store.write(run, "INSERT INTO t VALUES (2)"))
        await asyncio.sleep(0)
        second.cancel()
        await first
        assert await store.read(lambda session: session.execute(text("SELECT x FROM t")).scalars().all()) == [
            1
        ]
        await store.close()
        with pytest.raises(Problem):
            await store.write(run, "INSERT INTO t VALUES (3)")

    async def test_while_another_process_writes_a_write_waits_and_the_loop_goes_on(self, file: Path) -> None:
        store = open_store(f"sqlite:///{file}")
        await store.write(run, "CREATE TABLE t (x)")
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.ensure_future(store.write(run, "INSERT INTO t VALUES (1)"))
        turns = 0
        for _ in range(20):
            await asyncio.sleep(0.002)
            turns += 1
        assert turns == 20
        assert not waiting.done()
        other.execute("COMMIT")
        other.close()
        await asyncio.wait_for(waiting, 5)
        await store.close()

    def test_it_refuses_a_database_in_memory(self) -> None:
        for url in ("sqlite://", "sqlite:///:memory:"):
            with pytest.raises(ValueError, match="needs a file"):
                open_store(url)


def test_a_new_file_that_somebody_else_begins_at_this_moment_is_waited_for(tmp_path: Path) -> None:
    """Two services, or two who migrate, that start at once. Fails when SQLite is asked for its log once."""
    file = tmp_path / "new.sqlite3"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE begun (at TEXT)")
    ends = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    ends.start()
    engine = engine_for_migrations(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM sqlite_master")).scalars().all() == ["begun"]
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    engine.dispose()
    ends.join()
    other.close()


@pytest.mark.parametrize("first", ["read", "write"])
async def test_while_somebody_else_begins_a_new_file_the_loop_goes_on(tmp_path: Path, first: str) -> None:
    """Fails when a service waits for the file where it answers everybody else."""
    file = tmp_path / "new.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE begun (at TEXT)")
    store = open_store(f"sqlite:///{file}")
    ask = store.read if first == "read" else store.write
    waiting = [asyncio.ensure_future(ask(tables)) for _ in range(3)]
    turns = 0
    for _ in range(20):
        await asyncio.sleep(0.002)
        turns += not any(one.done() for one in waiting)
    assert turns == 20
    other.execute("COMMIT")
    other.close()
    assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [["begun"]] * 3
    await store.close()
    never_opened = open_store(f"sqlite:///{file}")
    await never_opened.close()
    with pytest.raises(Problem):
        await never_opened.read(tables)


async def test_an_unreachable_server_is_a_503_and_not_a_crash() -> None:
    url = make_url("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    store = open_store(url.render_as_string(hide_password=False))
    with pytest.raises(Problem) as refused:
        await store.ready()
    assert refused.value.status == 503
    await store.close()


def test_rows_that_are_named_are_sought_and_not_looked_for_among_all(databases: Databases) -> None:
    """Fails when SQLite is asked whether ``code IN (…) = 1``: then it reads the whole table each time."""
    named = select(Agency.name).where(among(Agency.__table__.c.code, "codes"), Agency.kind == "health")
    engine = create_engine(databases["consent"])
    with engine.connect() as connection, statements_of(engine) as asked:
        connection.execute(named, {"codes": ["a", "b"]})
        assert plan_of(connection, asked[0]).read_whole == []
        connection.execute(select(Agency.name).where(Agency.kind == "health"))
        assert len(plan_of(connection, asked[-1]).read_whole) == 1
    engine.dispose()
