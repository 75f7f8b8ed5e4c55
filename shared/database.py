"""The two stores, SQLite and PostgreSQL: everything in which they differ lives here (design 2.2).

An operation is a plain function of a session. ``Store.read`` and ``Store.write`` run it in exactly one
transaction, which ends before they return. Reads and writes get sessions of different types, so that an
operation that writes cannot be run as a read.
"""

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import orjson
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    StaticPool,
    Text,
    and_,
    bindparam,
    create_engine,
    event,
    make_url,
    or_,
    text,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from shared.clock import monotonic, rfc3339
from shared.problems import Problem

P = ParamSpec("P")
T = TypeVar("T")

_LARGEST_BATCH = 64
_BUSY_SECONDS = 10.0
_BUSY_PAUSE_SECONDS = 0.005


class ReadSession(Session):
    """A session in a transaction that cannot write."""


class WriteSession(ReadSession):
    """A session in a transaction that may write."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always timezone-aware and in UTC; SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def result_processor(self, dialect: Dialect, _: object) -> Callable[[Any], datetime | None]:
        return _from_sqlite if dialect.name == "sqlite" else _from_postgres


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _from_postgres(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Rfc3339(TypeDecorator[str]):
    """A stored moment read as it stands in the API, for rows that are handed on and never computed with.

    ``type_coerce(column, Rfc3339())``: of sixty entries a twentieth of the composed view (measured).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def result_processor(self, dialect: Dialect, _: object) -> Callable[[Any], str | None]:
        return _text_from_sqlite if dialect.name == "sqlite" else _text_from_postgres


def _text_from_sqlite(value: str | None) -> str | None:
    # Stored by the driver's own form, always in UTC and to the microsecond: 2031-03-03 09:00:00.000000
    return None if value is None else f"{value[:10]}T{value[11:]}Z"


def _text_from_postgres(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


class among(FunctionElement[bool]):  # noqa: N801 - reads as a word of SQL, like select
    """``column IN`` the strings given for the parameter ``name``, which travel as one bound value.

    An expanding ``IN`` is put together anew for every execution; this is not (measured: 15 µs a statement).
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Strings()))

    def self_group(self, against: Any = None) -> Self:  # noqa: ARG002 - as every element has it
        # What is Boolean is else written ``… = 1`` for SQLite, which then looks at every row of the table.
        return self


class _Strings(TypeDecorator[Collection[str]]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        assert value is not None
        return list(value) if dialect.name == "postgresql" else _to_json(list(value))


@compiles(among, "sqlite")
def _among_on_sqlite(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are SQL already


@compiles(among, "postgresql")
def _among_on_postgres(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY ({values})"


def new_metadata() -> MetaData:
    """Metadata whose constraints have names, without which a migration cannot change them."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Store(ABC):
    """One database of one service."""

    @abstractmethod
    async def read(
        self, operation: Callable[Concatenate[ReadSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run an operation in one transaction that cannot write, and give its result."""

    @abstractmethod
    async def write(
        self, operation: Callable[Concatenate[WriteSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run an operation in one transaction; when this returns, what it wrote is durable."""

    @abstractmethod
    async def close(self) -> None: ...

    async def ready(self) -> None:
        """Raise a 503 problem unless the database answers."""
        await self.read(_ping)


def open_store(url: str) -> Store:
    """The store behind a SQLAlchemy URL: ``sqlite:///…`` or ``postgresql+psycopg://…``."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteStore(url)
    return PostgresStore(url)


def _ping(session: ReadSession) -> None:
    session.execute(text("SELECT 1"))


def database_unavailable() -> Problem:
    return Problem("unavailable", "The record store cannot be reached. Nothing was saved; try again shortly.")


class PostgresStore(Store):
    """PostgreSQL through psycopg's asynchronous connections; operations stay synchronous (``run_sync``).

    Reads see one snapshot and cannot write. Writes are READ COMMITTED, so that what a transaction reads
    after it took a row's lock is what was committed before it got the lock (design 3.3).
    """

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_timeout=5,
            pool_pre_ping=False,
            pool_recycle=1800,
            json_serializer=_to_json,
            json_deserializer=orjson.loads,
        )
        self._readers = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._writers = self._engine.execution_options(isolation_level="READ COMMITTED")

    async def read(
        self, operation: Callable[Concatenate[ReadSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._run(self._readers, ReadSession, operation, args, kwargs)

    async def write(
        self, operation: Callable[Concatenate[WriteSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._run(self._writers, WriteSession, operation, args, kwargs)

    async def _run(
        self,
        engine: AsyncEngine,
        session_class: type[Session],
        operation: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> T:
        try:
            async with (
                AsyncSession(engine, sync_session_class=session_class, expire_on_commit=False) as session,
                session.begin(),
            ):
                return await session.run_sync(operation, *args, **kwargs)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise database_unavailable() from error

    async def close(self) -> None:
        await self._engine.dispose()


class _Waiting:
    """A write that waits for its turn, and where its result goes."""

    __slots__ = ("done", "operation")

    def __init__(self, operation: Callable[[WriteSession], Any]) -> None:
        self.operation = operation
        self.done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


Outcomes = list[tuple[_Waiting, Any, BaseException | None]]


class SqliteStore(Store):
    """SQLite: operations run on the event loop, writes one group at a time; only waiting is done elsewhere.

    Flushing to disk happens on a thread of its own and holds up nobody. The operations before it do not,
    because two threads that both compute take turns by the interpreter's lock and cost more than they save
    (measured: benchmarks/composed_view.py). Writes that wait at the same
    time share one commit and so one flush; each stands in a savepoint of its own, so one that fails takes
    nothing with it.
    """

    def __init__(self, url: str) -> None:
        self._reader = _Reader(url)
        self._writer = _sqlite_engine(url, "BEGIN IMMEDIATE")
        event.listen(self._writer, "connect", _never_block)
        self._waiting: deque[_Waiting] = deque()
        self._serving: asyncio.Task[None] | None = None
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._opening = asyncio.Lock()
        self._opened = False
        self._closed = False

    async def read(
        self, operation: Callable[Concatenate[ReadSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            if not self._opened:
                await self._open()
            return self._reader.read(lambda session: operation(session, *args, **kwargs))
        except (OperationalError, InterfaceError, sqlite3.Error) as error:
            raise database_unavailable() from error

    async def write(
        self, operation: Callable[Concatenate[WriteSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self._closed:
            raise database_unavailable()
        waiting = _Waiting(lambda session: operation(session, *args, **kwargs))
        self._waiting.append(waiting)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.get_running_loop().create_task(self._serve_writes())
        result: T = await waiting.done
        return result

    async def close(self) -> None:
        self._closed = True
        if self._serving is not None:
            await asyncio.wait([self._serving])
        self._disk.shutdown()
        self._reader.close()
        self._writer.dispose()

    async def _serve_writes(self) -> None:
        """Run the writes that wait, group after group, until none is left."""
        while self._waiting:
            number = min(len(self._waiting), _LARGEST_BATCH)
            batch = [self._waiting.popleft() for _ in range(number)]
            try:
                for waiting, result, error in await self._commit_together(batch):
                    _settle(waiting.done, result, error)
            finally:
                # Whatever ended the group, nobody of it is left waiting for ever.
                for waiting in batch:
                    _settle(waiting.done, None, database_unavailable())

    async def _commit_together(self, batch: list[_Waiting]) -> Outcomes:
        try:
            connection = await self._take_the_write_lock()
        except Exception as error:
            return [(waiting, None, _as_problem(error)) for waiting in batch]
        try:
            outcomes = _run_all(connection, batch)
            await asyncio.get_running_loop().run_in_executor(self._disk, connection.commit)
        except Exception as error:
            # The shared commit failed, so nothing of the batch is durable, whatever each write thought.
            # SQLAlchemy takes the transaction for ended; SQLite has still got it, and its lock.
            connection.connection.rollback()
            connection.rollback()
            return [(waiting, None, _as_problem(error)) for waiting in batch]
        finally:
            connection.close()
        return outcomes

    async def _open(self) -> None:
        """Connect to the file, once: on the thread, which waits where somebody else begins it just now."""
        async with self._opening:
            if self._closed:
                raise database_unavailable()
            if not self._opened:
                await asyncio.get_running_loop().run_in_executor(self._disk, self._connect)
                self._opened = True

    def _connect(self) -> None:
        self._reader.open()
        self._writer.connect().close()

    async def _take_the_write_lock(self) -> Connection:
        """Begin a transaction that may write, as soon as no other process holds the lock."""
        if not self._opened:
            await self._open()
        connection = self._writer.connect()
        last_try = monotonic() + _BUSY_SECONDS
        while True:
            try:
                connection.begin()
                return connection
            except OperationalError:
                if monotonic() > last_try:
                    connection.close()
                    raise
            await asyncio.sleep(_BUSY_PAUSE_SECONDS)


class _Reader:
    """The one connection on which read follows read, each in a transaction of its own.

    An operation runs to its end before the event loop turns to the next, so one session does for all. It is
    the driver that begins and ends their transactions: to have a session begin, find its connection and end
    for each of them took longer than two statements (measured: 40 µs of 65 for one statement).
    """

    def __init__(self, url: str) -> None:
        self._engine = _sqlite_engine(url, begin=None)
        event.listen(self._engine, "connect", _forbid_writes)
        self._opened: tuple[ReadSession, Any] | None = None

    def open(self) -> None:
        """Connect, on whatever thread; before the first read."""
        connection = self._engine.connect()
        driver = connection.connection.dbapi_connection
        self._opened = ReadSession(connection, expire_on_commit=False), driver

    def read(self, operation: Callable[[ReadSession], T]) -> T:
        assert self._opened is not None
        session, driver = self._opened
        driver.execute("BEGIN")
        try:
            result = operation(session)
        except BaseException:
            # Whatever state it was left in, the next one finds it as new.
            session.close()
            raise
        finally:
            driver.rollback()
        session.expunge_all()
        return result

    def close(self) -> None:
        if self._opened is not None:
            self._opened[0].close()
        self._engine.dispose()


def _run_all(connection: Connection, batch: list[_Waiting]) -> Outcomes:
    """Run a group in the open transaction. Most groups have no failure, so a first try does without the
    savepoints; if one fails the transaction begins again and each gets its own. What nobody waits for any
    more is not begun.
    """
    wanted = [waiting for waiting in batch if not waiting.done.cancelled()]
    try:
        with WriteSession(
            connection, join_transaction_mode="rollback_only", expire_on_commit=False
        ) as session:
            outcomes: Outcomes = [(waiting, _flushed(session, waiting), None) for waiting in wanted]
            session.commit()
            return outcomes
    except Exception:
        connection.rollback()
        connection.begin()
        return [(waiting, *_run_in_savepoint(connection, waiting)) for waiting in wanted]


def _flushed(session: WriteSession, waiting: _Waiting) -> Any:
    result = waiting.operation(session)
    session.flush()
    session.expunge_all()
    return result


def _run_in_savepoint(connection: Connection, waiting: _Waiting) -> tuple[Any, BaseException | None]:
    try:
        with (
            WriteSession(
                connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            ) as session,
            session.begin(),
        ):
            return waiting.operation(session), None
    except Exception as error:
        return None, _as_problem(error)


def _as_problem(error: Exception) -> Exception:
    return database_unavailable() if isinstance(error, OperationalError | InterfaceError) else error


def _settle(done: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)


def _sqlite_engine(url: str, begin: str | None) -> Engine:
    """``begin``: the statement that begins a transaction; None where whoever uses it begins them."""
    database = make_url(url).database
    if not database or database == ":memory:":
        raise ValueError("SQLite needs a file: a database in memory is lost and belongs to one thread")
    Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=StaticPool,
        pool_reset_on_return=None,
        connect_args={"check_same_thread": False, "timeout": 10},
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _set_up_sqlite)

    def begin_explicitly(dbapi_connection: Any) -> None:
        if begin is not None:
            dbapi_connection.execute(begin)

    # Not by a "begin" event: a connection with events asks for its listeners around every statement.
    engine.dialect.do_begin = begin_explicitly  # type: ignore[method-assign]
    return engine


def _set_up_sqlite(connection: Any, _: Any) -> None:
    # The driver would otherwise begin transactions by its own rules, and none before a SELECT.
    connection.isolation_level = None
    _turn_on_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _turn_on_wal(connection: Any) -> None:
    """Of two that open a new file at once one finds it locked. SQLite says so at once, whatever the timeout,
    because waiting could be for ever; it is for a moment, until the other one has begun."""
    last_try = monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > last_try:
                raise
        sleep(_BUSY_PAUSE_SECONDS)


def _forbid_writes(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def _never_block(connection: Any, _: Any) -> None:
    # The store waits for the lock itself, without holding up the event loop.
    connection.execute("PRAGMA busy_timeout=0")


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def engine_for_migrations(url: str) -> Engine:
    """An engine for changing tables; whoever asks for it disposes of it."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = _sqlite_engine(url, "BEGIN IMMEDIATE")
        event.listen(engine, "connect", _let_tables_be_rebuilt)
        return engine
    return create_engine(url)


def _let_tables_be_rebuilt(connection: Any, _: Any) -> None:
    # A constraint of a SQLite table changes by making the table anew, and with foreign keys on, dropping the
    # old one would first delete every row that others refer to.
    connection.execute("PRAGMA foreign_keys=OFF")


def later_than(columns: tuple[Any, Any], place: tuple[Any, Any] | None) -> ColumnElement[bool]:
    """In a list ordered by two columns, the rows behind a place; without one, all."""
    if place is None:
        return true()
    (first, second), (moment, last) = columns, place
    # Spelt so that both stores walk the index: a lower bound that it can seek, then the exact place.
    return and_(first >= moment, or_(first > moment, second > last))


def earlier_than(columns: tuple[Any, Any], place: tuple[Any, Any] | None) -> ColumnElement[bool]:
    """The same for a list that begins with the newest."""
    if place is None:
        return true()
    (first, second), (moment, last) = columns, place
    return and_(first <= moment, or_(first < moment, second < last))


def insert_unless_there(session: Session, table: Any) -> Any:
    """An INSERT that leaves out every row that some unique index holds already. On PostgreSQL it waits for
    another transaction that is about to write such a row."""
    dialect: Any = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()


def violates(error: DBAPIError, constraint: str) -> bool:
    """Whether a database error is the violation of the named constraint or unique index.

    PostgreSQL names the constraint; SQLite names the columns for unique indexes, so callers of partial
    unique indexes pass the index name and have only one per table.
    """
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return bool(diagnostics.constraint_name == constraint)
    return "UNIQUE constraint failed" in str(error.orig) or constraint in str(error.orig)
