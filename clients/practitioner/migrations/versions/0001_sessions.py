"""Sessions and kept forms."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0001_sessions"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user", sa.String(200), nullable=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"])
    op.create_index(op.f("ix_sessions_user"), "sessions", ["user"])
    op.create_table(
        "kept_forms",
        sa.Column("user", sa.String(200), nullable=False),
        sa.Column("page", sa.String(300), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user", "page", name=op.f("pk_kept_forms")),
    )
    op.create_index(op.f("ix_kept_forms_kept_at"), "kept_forms", ["kept_at"])


def downgrade() -> None:
    op.drop_table("kept_forms")
    op.drop_table("sessions")
