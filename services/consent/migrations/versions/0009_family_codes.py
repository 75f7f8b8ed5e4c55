"""Codes by which somebody of a family comes in."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    moment = shared.database.UtcDateTime(timezone=True)
    op.create_table(
        "family_codes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_by_agency", sa.String(length=64), nullable=False),
        sa.Column("good_until", moment, nullable=False),
        sa.Column("visit", sa.String(length=64), nullable=True),
        sa.Column("visit_until", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_codes")),
    )
    op.create_index("ix_family_codes_case_id", "family_codes", ["case_id"])
    op.create_index("ix_family_codes_code", "family_codes", ["code"], unique=True)
    op.create_index("ix_family_codes_visit", "family_codes", ["visit"], unique=True)


def downgrade() -> None:
    op.drop_table("family_codes")
