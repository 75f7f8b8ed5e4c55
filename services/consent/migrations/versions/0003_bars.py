"""Bars and protected addresses; suspensions for one agency, and their lifting."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _bars()
    _suspensions_of_one_agency()


def _bars() -> None:
    op.create_table(
        "bars",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("users", sa.JSON(), nullable=False),
        sa.Column("everyone_except", sa.Boolean(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("legal_reference", sa.String(length=300), nullable=False),
        sa.Column("custodian", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reviews", sa.JSON(), nullable=False),
        sa.Column("recorded_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_agency", sa.String(length=64), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=True),
        sa.Column("lifted_at", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=200), nullable=True),
        sa.Column("lifting_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bars")),
    )
    op.create_table(
        "bar_subjects",
        sa.Column("bar_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["bar_id"], ["bars.id"], name=op.f("fk_bar_subjects_bar_id_bars")),
        sa.PrimaryKeyConstraint("bar_id", "subject", name=op.f("pk_bar_subjects")),
    )
    op.create_index("ix_bar_subjects_subject", "bar_subjects", ["subject"])


def _suspensions_of_one_agency() -> None:
    """Whoever is suspended stays so for every agency. The key of the table changes, so it is made anew."""
    old = sa.table("suspensions", *(sa.column(name) for name in ("user", "suspended_by", "reason")))
    old.append_column(sa.column("suspended_at", shared.database.UtcDateTime()))
    rows = [dict(row._mapping) for row in op.get_bind().execute(sa.select(old))]
    op.drop_table("suspensions")
    new = op.create_table(
        "suspensions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=True),
        sa.Column("suspended_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("suspended_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("lifted_at", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=200), nullable=True),
        sa.Column("lifting_reason", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index("ix_suspensions_user", "suspensions", ["user"])
    if rows:
        nothing_more = {"agency": None, "lifted_at": None, "lifted_by": None, "lifting_reason": None}
        op.bulk_insert(new, [{"id": str(uuid4()), **row, **nothing_more} for row in rows])


def downgrade() -> None:
    raise NotImplementedError("A suspension of one agency would become one of all; it is not undone.")
