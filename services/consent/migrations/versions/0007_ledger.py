"""Checkpoints and receipts held back."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("total", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_checkpoints")),
        sa.UniqueConstraint("id", name=op.f("uq_checkpoints_id")),
    )
    op.create_table(
        "covered",
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("length", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoints.seq"], name=op.f("fk_covered_checkpoint_checkpoints")
        ),
        sa.PrimaryKeyConstraint("chain", "length", name=op.f("pk_covered")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("receipt", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=True),
        sa.Column("reviews", sa.JSON(), nullable=False),
        sa.Column("ended_at", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name=op.f("fk_holds_receipt_receipts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index("ix_holds_receipt", "holds", ["receipt"], unique=False)
    op.create_index("ix_holds_agency", "holds", ["agency"], unique=False)
    op.create_index("ix_mentions_receipt", "mentions", ["receipt"], unique=False)
    op.create_index("ix_receipts_at_id", "receipts", ["at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_receipts_at_id", table_name="receipts")
    op.drop_index("ix_mentions_receipt", table_name="mentions")
    op.drop_table("holds")
    op.drop_table("covered")
    op.drop_table("checkpoints")
