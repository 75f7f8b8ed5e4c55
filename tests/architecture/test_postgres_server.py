"""The server that the storage tests stand on: separated databases, durable, and gone afterwards."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
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


def test_an_administrator_need_not_be_a_superuser(postgres_server: PostgresServer) -> None:
    with open_database(postgres_server.admin_url) as connection:
        connection.execute("CREATE ROLE teamaround_admin LOGIN CREATEDB CREATEROLE PASSWORD 'theirs'")
    admin = make_url(postgres_server.admin_url).set(username="teamaround_admin", password="theirs")
    with PostgresServer(admin) as server:
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
