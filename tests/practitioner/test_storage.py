"""What the app keeps: two tables, sealed, on both stores."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

import clients.practitioner.sessions.tables  # noqa: F401
from clients.practitioner.base import Base
from clients.practitioner.sessions import operations
from clients.practitioner.sessions.sealing import Seal
from clients.practitioner.sessions.session import new_session
from shared.database import open_store
from shared.migration import current_revision, migrate
from tests.conftest import Databases

NOW = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
IDLE = timedelta(minutes=15)
SEAL = Seal(b"k" * 32)


@pytest.fixture
def database(store_kind: str, make_databases: Callable[[], Databases], tmp_path: Path) -> str:
    """An empty database of the app, migrated."""
    if store_kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'practitioner'}.sqlite3"
    else:
        url = make_databases()["case"]
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    migrate(url, "clients.practitioner")
    return url


def test_models_match_head(database: str) -> None:
    assert (
        current_revision(database) == (files("clients.practitioner.migrations") / "HEAD").read_text().strip()
    )
    engine = create_engine(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {"sessions", "kept_forms", "alembic_version"}
    engine.dispose()


@pytest.mark.anyio
async def test_a_session_is_found_by_its_secret_and_its_row_gives_nothing_away(database: str) -> None:
    store = open_store(database)
    session = new_session(NOW)
    session.user, session.kept = "sam", {"token": "a.good.token"}
    await store.write(operations.replace, SEAL, "none", session)
    found = await store.read(operations.look_up, SEAL, session.secret, NOW, IDLE)
    assert (found is not None and found.token, found and found.user) == ("a.good.token", "sam")
    assert await store.read(operations.look_up, SEAL, "another", NOW, IDLE) is None
    with_another_key = await store.read(operations.look_up, Seal(b"x" * 32), session.secret, NOW, IDLE)
    assert with_another_key is not None
    assert with_another_key.token is None
    await store.close()
    engine = create_engine(database)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM sessions")).one()
    engine.dispose()
    stored = " ".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
    assert session.secret not in stored
    assert "a.good.token" not in stored


@pytest.mark.anyio
async def test_a_session_is_locked_once_its_user_was_away(database: str) -> None:
    store = open_store(database)
    session = new_session(NOW)
    session.user, session.kept = "sam", {"token": "a.good.token"}
    await store.write(operations.replace, SEAL, "none", session)
    found = {
        seconds: await store.read(
            operations.look_up, SEAL, session.secret, NOW + timedelta(seconds=seconds), IDLE
        )
        for seconds in (0, 899, 900)
    }
    await store.close()
    assert [one is not None and one.token for one in found.values()] == ["a.good.token", "a.good.token", None]
    assert all(one is not None and one.user == "sam" for one in found.values())


@pytest.mark.anyio
async def test_a_session_that_has_ended_does_not_come_back_with_a_request_that_was_under_way(
    database: str,
) -> None:
    """A page in another window was asked for just before somebody signed out, or in again."""
    store = open_store(database)
    session = new_session(NOW)
    session.user, session.kept = "sam", {"token": "a.good.token"}
    found = []
    for another in (None, new_session(NOW)):
        await store.write(operations.replace, SEAL, "none", session)
        under_way = await store.read(operations.look_up, SEAL, session.secret, NOW, IDLE)
        assert under_way is not None
        if another is None:
            await store.write(operations.end, session.secret)
        else:
            await store.write(operations.replace, SEAL, session.secret, another)
        await store.write(operations.note_seen, under_way.secret, NOW)
        await store.write(operations.save, SEAL, under_way)
        found.append(await store.read(operations.look_up, SEAL, session.secret, NOW, IDLE))
    await store.close()
    assert found == [None, None]


@pytest.mark.anyio
async def test_that_somebody_is_still_there_undoes_nothing_that_another_window_did(database: str) -> None:
    """They chose another role there: what they do next is done in that one."""
    store = open_store(database)
    session = new_session(NOW)
    session.user, session.kept = "sam", {"token": "a.good.token", "acting": {"agency": "a", "role": "b"}}
    await store.write(operations.replace, SEAL, "none", session)
    session.kept = {**session.kept, "acting": {"agency": "c", "role": "d"}}
    await store.write(operations.save, SEAL, session)
    later = NOW + timedelta(minutes=14)
    await store.write(operations.note_seen, session.secret, later)
    found = await store.read(operations.look_up, SEAL, session.secret, later + timedelta(minutes=14), IDLE)
    await store.close()
    assert found is not None
    assert (found.acting, found.token) == ({"agency": "c", "role": "d"}, "a.good.token")


@pytest.mark.anyio
async def test_a_kept_form_stays_until_it_is_dropped_for_its_user_and_page_alone(database: str) -> None:
    store = open_store(database)
    await store.write(operations.keep_form, SEAL, "sam", "/a", {"fields": [["x", "1"]]}, NOW)
    await store.write(operations.keep_form, SEAL, "sam", "/a", {"fields": [["x", "2"]]}, NOW)
    for user, page in (("hana", "/a"), ("sam", "/b")):
        assert await store.read(operations.read_form, SEAL, user, page) is None
        await store.write(operations.drop_form, user, page)
    for _ in range(2):
        assert await store.read(operations.read_form, SEAL, "sam", "/a") == {"fields": [["x", "2"]]}
    await store.write(operations.drop_form, "sam", "/a")
    assert await store.read(operations.read_form, SEAL, "sam", "/a") is None
    await store.close()


@pytest.mark.anyio
async def test_what_nobody_came_back_for_goes_when_somebody_signs_in(database: str) -> None:
    store = open_store(database)
    old = new_session(NOW - operations.KEPT_FOR - timedelta(seconds=1))
    await store.write(operations.save, SEAL, old)
    await store.write(operations.keep_form, SEAL, "sam", "/a", {"fields": []}, old.seen_at)
    await store.write(operations.replace, SEAL, "none", new_session(NOW))
    assert await store.read(operations.look_up, SEAL, old.secret, NOW, IDLE) is None
    assert await store.read(operations.read_form, SEAL, "sam", "/a") is None
    await store.close()
