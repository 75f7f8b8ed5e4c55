"""What agencies' work costs; reports as they were first read."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0007"
down_revision = "0006"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "service_costs",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.CheckConstraint("pence > 0", name=op.f("ck_service_costs_pence")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_service_costs_entry_id_entries")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_service_costs_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_service_costs_person_id_people")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_service_costs")),
    )
    op.create_index("ix_service_costs_starts_on", "service_costs", ["starts_on"])
    op.create_table(
        "published_reports",
        sa.Column("report", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("report", "by", "period", "scope", name=op.f("pk_published_reports")),
    )


def downgrade() -> None:
    op.drop_table("published_reports")
    op.drop_table("service_costs")
