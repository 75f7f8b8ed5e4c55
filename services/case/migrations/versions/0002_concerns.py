"""Concerns sent to social care or the police."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0002"
down_revision = "0001"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "concerns",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("acknowledged_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_concerns_entry_id_entries")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_concerns")),
    )
    op.create_index(
        "ix_concerns_recipient_sent_at_entry_id", "concerns", ["recipient", "sent_at", "entry_id"]
    )


def downgrade() -> None:
    op.drop_table("concerns")
