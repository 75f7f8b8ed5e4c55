"""Statutory overrides and break-glass, and alerts about them."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0002"
down_revision = "0001"

MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lawful_basis", sa.String(length=64), nullable=True),
        sa.Column("reference", sa.String(length=300), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("users", sa.JSON(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("valid_until", MOMENT, nullable=False),
        sa.Column("confirm_by", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("ending_reason", sa.String(length=300), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_agency", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.create_index("ix_overrides_case_id", ["case_id"], unique=False)

    op.create_table(
        "overrides_of_users",
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("override", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["override"], ["overrides.id"], name=op.f("fk_overrides_of_users_override_overrides")
        ),
        sa.PrimaryKeyConstraint("user", "override", name=op.f("pk_overrides_of_users")),
    )
    op.create_table(
        "break_glass",
        sa.Column("override", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("no_later_than", MOMENT, nullable=False),
        sa.Column("review_due", MOMENT, nullable=False),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by", sa.String(length=200), nullable=True),
        sa.Column("finding", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["override"], ["overrides.id"], name=op.f("fk_break_glass_override_overrides")
        ),
        sa.PrimaryKeyConstraint("override", name=op.f("pk_break_glass")),
    )
    with op.batch_alter_table("break_glass", schema=None) as batch_op:
        batch_op.create_index("ix_break_glass_user", ["user"], unique=False)
        batch_op.create_index("ix_break_glass_case_id", ["case_id"], unique=False)

    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("user", sa.String(length=200), nullable=True),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("not_for", sa.JSON(), nullable=False),
        sa.Column("shows_from", MOMENT, nullable=False),
        sa.Column("called_off_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index("ix_alerts_agency_shows_from", ["agency", "shows_from"], unique=False)


def downgrade() -> None:
    op.drop_table("alerts")
    op.drop_table("break_glass")
    op.drop_table("overrides_of_users")
    op.drop_table("overrides")
