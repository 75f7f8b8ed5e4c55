"""Bringing a database to a schema of its service with Alembic, on either store.

Apart from ``shared.database``, because a process that only serves need not import Alembic: that takes a
twentieth of its start.
"""

from importlib import import_module
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from shared.database import engine_for_migrations

_MIGRATION_LOCK = 7_226_021


def migrate(url: str, package: str, revision: str = "head") -> None:
    """Bring the database behind ``url`` to the newest schema of a service package, such as ``services.case``,
    or up to an older revision.

    Safe to run on several replicas at once: one of them migrates while the others wait.
    """
    engine = engine_for_migrations(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _MIGRATION_LOCK})
                connection.commit()
            else:
                # Without it each revision is a transaction of its own, and two who migrate meet in between.
                connection.begin()
            command.upgrade(_alembic_config(package, connection), revision)
            _check_references(connection)
            connection.commit()
    finally:
        engine.dispose()


def _check_references(connection: Connection) -> None:
    """SQLite migrates with foreign keys off; what they would have refused is looked for at the end."""
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("This migration leaves rows that refer to nothing; nothing of it was kept.")


def current_revision(url: str) -> str | None:
    """The schema revision that the database stands at, or ``None`` when it was never migrated."""
    engine = engine_for_migrations(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _alembic_config(package: str, connection: Connection) -> Config:
    directory = Path(str(import_module(package).__file__)).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(directory).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def run_migrations(connection: Connection, metadata: MetaData) -> None:
    """What each service's ``migrations/env.py`` calls: run the pending revisions on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        # SQLite can, though Alembic does not think so. Without it every revision is a transaction of its own,
        # and two processes that migrate at once both run the second one.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
