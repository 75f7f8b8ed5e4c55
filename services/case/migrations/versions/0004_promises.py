"""What was promised, by whom and until when, beside the entries that say what; filled from the actions."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0004"
down_revision = "0003"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_OPEN = ("agreed", "in_progress")
_READ_AT_ONCE = 1000


def upgrade() -> None:
    promises = op.create_table(
        "promises",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("accountable", sa.String(length=64), nullable=True),
        sa.Column("responsible_user", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=True),
        sa.Column("promised_at", _MOMENT, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=True),
        sa.CheckConstraint("asked >= 0", name=op.f("ck_promises_asked")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_promises_case_id_cases")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_promises_entry_id_entries")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_promises")),
    )
    op.create_index("ix_promises_case_id", "promises", ["case_id"])
    op.create_index(
        "ix_promises_accountable_open_due_on_entry_id",
        "promises", ["accountable", "open", "due_on", "entry_id"],
    )  # fmt: skip
    op.create_index(
        "ix_promises_accountable_responsible_user_open_due_on_entry_id",
        "promises", ["accountable", "responsible_user", "open", "due_on", "entry_id"],
    )  # fmt: skip
    op.create_index("ix_promises_open_due_on", "promises", ["open", "due_on"])
    _fill(promises)


def _fill(promises: sa.Table) -> None:
    """A promise for each action; one of a closed case waits for nobody, whatever its status says."""
    entries = sa.table(
        "entries",
        sa.column("id"), sa.column("kind"), sa.column("case_id"), sa.column("accountable"),
        sa.column("recorded_at", _MOMENT), sa.column("ended_at", _MOMENT), sa.column("fields", sa.JSON()),
    )  # fmt: skip
    versions = sa.table(
        "entry_versions", sa.column("entry_id"), sa.column("version"), sa.column("recorded_at", _MOMENT)
    )
    cases = sa.table("cases", sa.column("id"), sa.column("state"))
    first = sa.and_(versions.c.entry_id == entries.c.id, versions.c.version == 1)
    actions = (
        sa.select(
            entries.c.id, entries.c.case_id, entries.c.accountable, entries.c.fields, cases.c.state,
            sa.func.coalesce(versions.c.recorded_at, entries.c.recorded_at, type_=_MOMENT).label("at"),
        )
        .join(cases, cases.c.id == entries.c.case_id)
        .outerjoin(versions, first)
        .where(entries.c.kind == "action", entries.c.ended_at.is_(None))
        .order_by(entries.c.id)
        .limit(_READ_AT_ONCE)
    )  # fmt: skip
    last = ""
    while rows := op.get_bind().execute(actions.where(entries.c.id > last)).all():
        op.bulk_insert(promises, [_promise(row) for row in rows])
        last = rows[-1].id


def _promise(row: Any) -> dict[str, Any]:
    status = row.fields["status"]
    return {
        "entry_id": row.id,
        "case_id": row.case_id,
        "kind": "action",
        "accountable": row.accountable,
        "responsible_user": row.fields.get("responsible_user"),
        "status": status,
        "open": status in _OPEN and row.state == "open",
        "due_on": date.fromisoformat(row.fields["by_when"]),
        "needed_on": None,
        "promised_at": row.at,
        "asked": 0,
        "asked_at": None,
    }


def downgrade() -> None:
    op.drop_table("promises")
