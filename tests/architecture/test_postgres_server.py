"""The server that the storage tests stand on: separated databases, durable, and gone afterwards."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.support.postgres import SERVICES, PostgresServer, cluster


def open_database(url: str) -> psycopg.Connection:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def test_each_role_enters_its_own_database_and_no_other(postgres_server: PostgresServer) -> None:
    urls = {service: postgres_server.create(service) for service in SERVICES}
    entered, refused = 0, 0
    for owner, url in urls.items():
        for service in SERVICES:
            attempt = postgres_server.url(service, str(make_url(url).database))
            if service == owner:
                with open_database(attempt) as connection:
                    connection.execute("CREATE TABLE mine (id integer)")
                entered += 1
            else:
                with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                    open_database(attempt)
                refused += 1
    assert (entered, refused) == (3, 6)
    for url in urls.values():
        postgres_server.drop(url)


def test_a_copy_of_a_template_is_as_separate_as_its_model(postgres_server: PostgresServer) -> None:
    template = postgres_server.create("case")
    with open_database(template) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 42 AS answer")
    copy = postgres_server.create("case", str(make_url(template).database))
    with open_database(copy) as connection:
        assert connection.execute("SELECT answer FROM mine").fetchone() == (42,)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        open_database(postgres_server.url("consent", str(make_url(copy).database)))
    for url in (copy, template):
        postgres_server.drop(url)


def contents(url: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    with open_database(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {
            table: connection.execute(
                sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table))
            ).fetchall()
            for (table,) in tables.fetchall()
        }


@pytest.fixture
def fresh_server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """One that lent nothing yet: what many have used is looked through by PostgreSQL itself sooner or later,
    and then it is lent to nobody any more."""
    with PostgresServer(make_url(postgres_server.admin_url)) as server:
        yield server


def test_what_is_given_back_is_lent_again_as_new(fresh_server: PostgresServer) -> None:
    url = fresh_server.create_migrated("consent")
    migrated = contents(url)
    with open_database(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'x'")
        connection.execute("DELETE FROM policies")
        connection.execute("INSERT INTO chains (id, length, head) VALUES ('x', 0, 'x')")
    assert contents(url) != migrated
    with closing(open_database(url)) as left_open:
        left_open.execute("LOCK TABLE chains")
        fresh_server.give_back("consent", url)
        assert fresh_server.create_migrated("consent") == url
        assert contents(url) == migrated
        assert any(migrated.values())
        with pytest.raises(psycopg.OperationalError):
            left_open.execute("SELECT 1")


def test_what_was_given_back_once_can_be_a_template_as_well(fresh_server: PostgresServer) -> None:
    """Fails while the server keeps its own connection to what it emptied: nothing in use can be copied."""
    used = fresh_server.create_migrated("case")
    fresh_server.give_back("case", used)
    lent = fresh_server.create_migrated("case")
    assert lent == used
    copy = fresh_server.create("case", str(make_url(lent).database))
    assert contents(copy) == contents(lent)
    for url in (copy, lent):
        fresh_server.drop(url)


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_receipts_chain_seq",
        "ALTER TABLE receipts DROP CONSTRAINT fk_receipts_chain_chains",
        "ALTER TABLE consents DROP COLUMN withdrawal_note",
        "CREATE TABLE more (id integer)",
        "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "REVOKE SELECT ON consents FROM CURRENT_USER",
        "ANALYZE policies",
    ],
)
def test_what_is_given_back_with_more_changed_than_rows_is_lent_to_nobody(
    postgres_server: PostgresServer, change: LiteralString
) -> None:
    url = postgres_server.create_migrated("consent")
    with open_database(url) as connection:
        connection.execute(change)
    postgres_server.give_back("consent", url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        open_database(url)


def test_an_administrator_need_not_be_a_superuser(postgres_server: PostgresServer) -> None:
    with open_database(postgres_server.admin_url) as connection:
        connection.execute("CREATE ROLE teamaround_admin LOGIN CREATEDB CREATEROLE PASSWORD 'theirs'")
    admin = make_url(postgres_server.admin_url).set(username="teamaround_admin", password="theirs")
    with PostgresServer(admin) as server:
        given_back = server.create_migrated("case")
        server.give_back("case", given_back)
        assert server.create_migrated("case") != given_back
        template = server.create("case")
        with open_database(server.create("case", str(make_url(template).database))) as connection:
            connection.execute("CREATE TABLE mine (id integer)")
    with open_database(postgres_server.admin_url) as connection:
        left = connection.execute(
            "SELECT datname FROM pg_database WHERE datname = %s", [make_url(template).database]
        )
        assert left.fetchall() == []
        connection.execute("DROP ROLE teamaround_admin")


def test_text_is_ordered_by_code_point_as_in_sqlite(postgres_server: PostgresServer) -> None:
    url = postgres_server.create("case")
    with open_database(url) as connection:
        rows = connection.execute("SELECT name FROM (VALUES ('a'), ('B'), ('é'), ('z')) v(name) ORDER BY 1")
        assert "".join(row[0] for row in rows) == "Bazé"
        assert connection.execute("SELECT lower('ÉŻ')").fetchone() == ("éż",)
    postgres_server.drop(url)


def test_what_was_committed_survives_a_power_cut() -> None:
    with cluster() as server:
        url = server.url.render_as_string(hide_password=False)
        with open_database(url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        server.stop("immediate")
        with pytest.raises(psycopg.OperationalError):
            open_database(url)
        server.start()
        with open_database(url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert not server.folder.exists()


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    program = (
        "import os, signal\n"
        "from tests.support.postgres import cluster\n"
        "with cluster(durable=False) as server:\n"
        "    print(server.folder, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    folder = Path(run.stdout.strip())
    assert folder.name.startswith("pg-")
    for _ in range(200):
        if not folder.exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{folder} is still there")
