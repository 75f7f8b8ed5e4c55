"""Sharing requests, releases and recorded decisions not to share."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0004"
down_revision = "0003"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sharing_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("subject", sa.String(length=36), nullable=True),
        sa.Column("reaches_owner", sa.Boolean(), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_by_name", sa.String(length=300), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("by_details", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("valid_until", _MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer_by", _MOMENT, nullable=False),
        sa.Column("owner_answer", sa.String(length=16), nullable=True),
        sa.Column("owner_reason", sa.Text(), nullable=True),
        sa.Column("owner_answered_at", _MOMENT, nullable=True),
        sa.Column("owner_answered_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_requests")),
    )
    op.create_index("ix_sharing_requests_case_id", "sharing_requests", ["case_id"])
    op.create_index("ix_sharing_requests_agency", "sharing_requests", ["agency"])
    op.create_index("ix_sharing_requests_owner", "sharing_requests", ["owner"])
    op.create_table(
        "releases",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("sharing_request", sa.String(length=36), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_until", _MOMENT, nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    op.create_index("ix_releases_subject", "releases", ["subject"])
    op.create_index("ix_releases_case_id", "releases", ["case_id"])
    op.create_index("ix_releases_sharing_request", "releases", ["sharing_request"])
    op.create_table(
        "non_disclosures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("from_agencies", sa.JSON(), nullable=False),
        sa.Column("from_users", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=300), nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=True),
        sa.Column("confirmed_by_name", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_non_disclosures")),
    )
    op.create_index("ix_non_disclosures_case_id", "non_disclosures", ["case_id"])
    with op.batch_alter_table("consents") as consents:
        consents.add_column(sa.Column("sharing_request", sa.String(length=36), nullable=True))
        consents.add_column(sa.Column("owner", sa.String(length=64), nullable=True))
        consents.create_index("ix_consents_sharing_request", ["sharing_request"])


def downgrade() -> None:
    with op.batch_alter_table("consents") as consents:
        consents.drop_index("ix_consents_sharing_request")
        consents.drop_column("owner")
        consents.drop_column("sharing_request")
    for table in ("non_disclosures", "releases", "sharing_requests"):
        op.drop_table(table)
