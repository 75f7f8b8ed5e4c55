"""A database that a test has used is emptied and used again.

To make one takes PostgreSQL a tenth of a second, and to let in whoever first connects to it as long again
(measured): together most of what a short test on it took.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

_CATALOGUES = (
    "pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_index", "pg_namespace", "pg_proc",
    "pg_statistic", "pg_trigger", "pg_type",
)  # fmt: skip


@dataclass(frozen=True)
class AsMigrated:
    """A database as its migrations left it: its catalogues, and the rows of each table."""

    catalogues: list[Any]
    rows: dict[str, bytes]

    @classmethod
    def of(cls, connection: psycopg.Connection) -> "AsMigrated":
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return cls(_catalogues(connection), {table: _rows(connection, table) for (table,) in tables})

    def restore(self, connection: psycopg.Connection) -> bool:
        """Make a used copy like this again; false, and nothing is done, if more than its rows was changed.

        ``connection`` is a superuser's; all others to this database are ended.
        """
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if _catalogues(connection) != self.catalogues:
            return False
        with connection.transaction():
            # Without it every row would be looked for in all tables that may refer to it.
            connection.execute("SET LOCAL session_replication_role = replica")
            delete = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self.rows]
            connection.execute(sql.SQL("; ").join(delete))
            for table, rows in self.rows.items():
                if rows:
                    _write(connection, table, rows)
            connection.execute("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")
        return True


def _catalogues(connection: psycopg.Connection) -> list[Any]:
    """How many rows each catalogue holds, and the newest change to it."""
    counts = [
        sql.SQL("SELECT count(*), max(xmin::text::bigint) FROM {}").format(sql.Identifier(name))
        for name in _CATALOGUES
    ]
    return connection.execute(sql.SQL(" UNION ALL ").join(counts)).fetchall()


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copied,
    ):
        return b"".join(copied)


def _write(connection: psycopg.Connection, table: str, rows: bytes) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copying,
    ):
        copying.write(rows)
