"""Which flags stand until when; who noticed small concerns; signals."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0005"
down_revision = "0004"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_OPEN = sa.text("state <> 'closed'")


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("raised_by", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_flags_entry_id_entries")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_flags_case_id_cases")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_flags")),
    )
    op.create_index("ix_flags_case_id", "flags", ["case_id"])
    op.create_index("ix_flags_expires_on", "flags", ["expires_on"])
    op.create_table(
        "small_concerns",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_small_concerns_entry_id_entries")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_small_concerns_person_id_people")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_small_concerns")),
    )
    op.create_index("ix_small_concerns_person_id_recorded_at", "small_concerns", ["person_id", "recorded_at"])
    op.create_table(
        "signals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("taken_up_at", _MOMENT, nullable=True),
        sa.Column("taken_up_by", sa.String(length=200), nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.CheckConstraint("state IN ('raised', 'taken_up', 'closed')", name=op.f("ck_signals_state")),
        sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_signals_outcome")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signals_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
    )
    op.create_index("ix_signals_raised_at_id", "signals", ["raised_at", "id"])
    op.create_index(
        "uq_signals_open", "signals", ["person_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade() -> None:
    for table in ("signals", "small_concerns", "flags"):
        op.drop_table(table)
