"""Streams of money, what of them cases have, and what it buys."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0012"
down_revision = "0011"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "budget_streams",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("may_buy", sa.JSON(), nullable=False),
        sa.Column("most_per_purchase_pence", sa.BigInteger(), nullable=True),
        sa.Column("second_signature_above_pence", sa.BigInteger(), nullable=True),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column("allocated_pence", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_budget_streams_state")),
        sa.CheckConstraint(
            "0 <= allocated_pence AND allocated_pence <= total_pence", name=op.f("ck_budget_streams_balance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_streams")),
    )
    op.create_index("ix_budget_streams_opened_at_id", "budget_streams", ["opened_at", "id"])
    op.create_table(
        "budget_allocations",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("stream_id", sa.String(length=36), nullable=False),
        sa.Column("held_by", sa.String(length=64), nullable=False),
        sa.Column("allocated_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_pence", sa.BigInteger(), nullable=False),
        sa.Column("spent_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "committed_pence >= 0 AND spent_pence >= 0 AND committed_pence + spent_pence <= allocated_pence",
            name=op.f("ck_budget_allocations_balance"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_budget_allocations_entry_id_entries")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_budget_allocations_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["stream_id"], ["budget_streams.id"], name=op.f("fk_budget_allocations_stream_id_budget_streams")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_budget_allocations")),
    )
    op.create_index("ix_budget_allocations_case_id", "budget_allocations", ["case_id"])
    op.create_index("ix_budget_allocations_stream_id", "budget_allocations", ["stream_id"])
    op.create_table(
        "budget_purchases",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("allocation_id", sa.String(length=36), nullable=False),
        sa.Column("action_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("spent_pence", sa.BigInteger(), nullable=False),
        sa.Column("ordered_by_user", sa.String(length=200), nullable=False),
        sa.Column("signed_by_user", sa.String(length=200), nullable=True),
        sa.CheckConstraint("amount_pence > 0", name=op.f("ck_budget_purchases_amount")),
        sa.CheckConstraint(
            "spent_pence >= 0 AND spent_pence <= amount_pence", name=op.f("ck_budget_purchases_spent")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_budget_purchases_entry_id_entries")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_budget_purchases_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["budget_allocations.entry_id"],
            name=op.f("fk_budget_purchases_allocation_id_budget_allocations"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["entries.id"], name=op.f("fk_budget_purchases_action_id_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_budget_purchases")),
    )
    op.create_index("ix_budget_purchases_case_id", "budget_purchases", ["case_id"])
    op.create_index("ix_budget_purchases_allocation_id", "budget_purchases", ["allocation_id"])


def downgrade() -> None:
    for table in ("budget_purchases", "budget_allocations", "budget_streams"):
        op.drop_table(table)
