"""What must be done before what; which goals actions serve; who signed which compact."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0011"
down_revision = "0010"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "action_dependencies",
        sa.Column("action_id", sa.String(length=36), nullable=False),
        sa.Column("needs_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("stated_at", _MOMENT, nullable=False),
        sa.Column("stated_by_agency", sa.String(length=64), nullable=False),
        sa.CheckConstraint("action_id <> needs_id", name=op.f("ck_action_dependencies_another")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["entries.id"], name=op.f("fk_action_dependencies_action_id_entries")
        ),
        sa.ForeignKeyConstraint(
            ["needs_id"], ["entries.id"], name=op.f("fk_action_dependencies_needs_id_entries")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_action_dependencies_case_id_cases")),
        sa.PrimaryKeyConstraint("action_id", "needs_id", name=op.f("pk_action_dependencies")),
    )
    op.create_index("ix_action_dependencies_case_id", "action_dependencies", ["case_id"])
    op.create_index("ix_action_dependencies_needs_id", "action_dependencies", ["needs_id"])
    op.create_table(
        "action_goals",
        sa.Column("action_id", sa.String(length=36), nullable=False),
        sa.Column("goal_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["entries.id"], name=op.f("fk_action_goals_action_id_entries")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["entries.id"], name=op.f("fk_action_goals_goal_id_entries")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_action_goals_case_id_cases")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_action_goals")),
    )
    op.create_index("ix_action_goals_case_id", "action_goals", ["case_id"])
    op.create_index("ix_action_goals_goal_id", "action_goals", ["goal_id"])
    op.create_table(
        "compact_signatures",
        sa.Column("compact_id", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["compact_id"], ["entries.id"], name=op.f("fk_compact_signatures_compact_id_entries")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_compact_signatures_entry_id_entries")
        ),
        sa.PrimaryKeyConstraint("compact_id", "party", "recorded_by", name=op.f("pk_compact_signatures")),
    )
    op.create_index("ix_compact_signatures_entry_id", "compact_signatures", ["entry_id"])


def downgrade() -> None:
    op.drop_table("compact_signatures")
    op.drop_table("action_goals")
    op.drop_table("action_dependencies")
