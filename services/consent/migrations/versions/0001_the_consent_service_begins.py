"""The consent service begins, with the default policy in force."""

import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0001"
down_revision = None

# A published policy is never edited, so this file stays what it is; a change is a new version.
DEFAULT_POLICY = Path(__file__).parents[2] / "policy_data" / "default-1.json"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("telephone", sa.String(length=300), nullable=True),
        sa.Column("joined_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agencies")),
    )
    op.create_table(
        "chains",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chains")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("giver", sa.String(length=36), nullable=False),
        sa.Column("capacity", sa.String(length=64), nullable=False),
        sa.Column("competence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("authority", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("explained", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("wording_version", sa.String(length=300), nullable=False),
        sa.Column("privacy_notice", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("valid_from", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("valid_until", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_agency", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawal_recorded_by", sa.String(length=200), nullable=True),
        sa.Column("withdrawal_note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_case_id", ["case_id"], unique=False)
        batch_op.create_index("ix_consents_subject", ["subject"], unique=False)

    op.create_table(
        "exclusions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("giver", sa.String(length=36), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("users", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("purposes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid_from", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("valid_until", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_agency", sa.String(length=64), nullable=False),
        sa.Column("lifted_at", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifting", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
    )
    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.create_index("ix_exclusions_case_id", ["case_id"], unique=False)
        batch_op.create_index("ix_exclusions_subject", ["subject"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("recorded_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agency", "user", "key", name=op.f("pk_idempotency_keys")),
    )
    policies = op.create_table(
        "policies",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("published_from", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policies")),
    )
    op.create_table(
        "suspensions",
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("suspended_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("suspended_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_suspensions")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("valid_from", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("valid_until", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", shared.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_agency", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["agencies.code"], name=op.f("fk_agreements_owner_agencies")),
        sa.ForeignKeyConstraint(
            ["recipient"], ["agencies.code"], name=op.f("fk_agreements_recipient_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.create_index("ix_agreements_recipient_purpose", ["recipient", "purpose"], unique=False)

    op.create_table(
        "receipts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", shared.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("user_name", sa.String(length=300), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("facts_version", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["chains.id"], name=op.f("fk_receipts_chain_chains")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.create_index("ix_receipts_chain_seq", ["chain", "seq"], unique=True)

    op.create_table(
        "mentions",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=36), nullable=False),
        sa.Column("receipt", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name=op.f("fk_mentions_receipt_receipts")),
        sa.PrimaryKeyConstraint("kind", "target", "receipt", name=op.f("pk_mentions")),
        sqlite_with_rowid=False,
    )
    document = json.loads(DEFAULT_POLICY.read_text(encoding="utf-8"))
    row = {
        "version": 1,
        "document": document,
        "published_from": BEGINNING,
        "published_by": "migration 0001",
    }
    op.bulk_insert(policies, [row])


def downgrade() -> None:
    raise NotImplementedError("The first revision holds the ledger; it is not undone.")
