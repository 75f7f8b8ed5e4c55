"""Drafts, golden tables, simulations and publications of the policy."""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0006"
down_revision = "0005"

# Like the policy that they belong to, these rows are never edited.
DEFAULT_GOLDENS = Path(__file__).parents[2] / "policy_data" / "golden-1.json"


def upgrade() -> None:
    moment = shared.database.UtcDateTime(timezone=True)
    with op.batch_alter_table("policies") as batch_op:
        batch_op.add_column(sa.Column("goldens", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("published_by_agency", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("published_at", moment, nullable=True))
        batch_op.add_column(sa.Column("approved_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("approved_by_agency", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("drafted_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("restores", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("why", sa.String(length=300), nullable=True))
    policies = sa.table("policies", sa.column("version", sa.Integer), sa.column("goldens", sa.JSON))
    rows = json.loads(DEFAULT_GOLDENS.read_text("utf-8"))
    op.execute(policies.update().where(policies.c.version == 1).values(goldens=rows))
    op.create_table(
        "policy_drafts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("drafted_from", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("goldens", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drafted_from"], ["policies.version"], name=op.f("fk_policy_drafts_drafted_from_policies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_drafts")),
    )
    op.create_table(
        "policy_simulations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("draft", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(length=36), nullable=True),
        sa.Column("tally", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("results", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("begun_by", sa.String(length=200), nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["policy_drafts.id"], name=op.f("fk_policy_simulations_draft_policy_drafts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_simulations")),
    )
    with op.batch_alter_table("policy_simulations") as batch_op:
        batch_op.create_index(op.f("ix_policy_simulations_draft"), ["draft"], unique=False)
    op.create_table(
        "policy_approvals",
        sa.Column("draft", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_by_agency", sa.String(length=64), nullable=False),
        sa.Column("approved_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft"], ["policy_drafts.id"], name=op.f("fk_policy_approvals_draft_policy_drafts")
        ),
        sa.PrimaryKeyConstraint("draft", "digest", name=op.f("pk_policy_approvals")),
    )


def downgrade() -> None:
    for table in ("policy_approvals", "policy_simulations", "policy_drafts"):
        op.drop_table(table)
    with op.batch_alter_table("policies") as batch_op:
        for column in (
            "goldens", "published_by_agency", "published_at", "approved_by", "approved_by_agency", "digest",
            "drafted_from", "restores", "why",
        ):  # fmt: skip
            batch_op.drop_column(column)
