"""Who has looked at an alarm that others are told of too. What one of them put away before is put away."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "notice_looks",
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("audience", sa.String(length=240), nullable=False),
        sa.Column("looked_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_looks_notice_id_notices")
        ),
        sa.PrimaryKeyConstraint("notice_id", "audience", name=op.f("pk_notice_looks")),
    )


def downgrade() -> None:
    op.drop_table("notice_looks")
