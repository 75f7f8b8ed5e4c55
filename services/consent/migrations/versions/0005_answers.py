"""Who may say yes: authority, competence, and what follows a withdrawal."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0005"
down_revision = "0004"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True)
_ADDED = ("may_tip_off", "under", "best_interests", "say_limited", "set_aside", "continues")
_TABLES = ("messages", "risk_questions", "withdrawals", "conflicts", "authorities")


def upgrade() -> None:
    with op.batch_alter_table("consents") as consents:
        consents.add_column(sa.Column("may_tip_off", sa.Text(), nullable=True))
        consents.add_column(sa.Column("under", sa.String(length=36), nullable=True))
        consents.add_column(sa.Column("best_interests", _JSON, nullable=True))
        consents.add_column(sa.Column("say_limited", sa.Boolean(), nullable=False, server_default=sa.false()))
        consents.add_column(sa.Column("set_aside", _JSON, nullable=True))
        consents.add_column(sa.Column("continues", sa.String(length=36), nullable=True))
    with op.batch_alter_table("consents") as consents:
        consents.alter_column("say_limited", server_default=None)
    _authorities()
    _conflicts()
    _withdrawals()
    _risk_questions()
    _messages()


def _authorities() -> None:
    op.create_table(
        "authorities",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("effect", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=True),
        sa.Column("holder_agency", sa.String(length=64), nullable=True),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("verified_by", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid_from", _MOMENT, nullable=True),
        sa.Column("valid_until", _MOMENT, nullable=True),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_agency", sa.String(length=64), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("ending_reason", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorities")),
    )
    op.create_index("ix_authorities_subject", "authorities", ["subject"])
    op.create_index("ix_authorities_case_id", "authorities", ["case_id"])


def _conflicts() -> None:
    op.create_table(
        "conflicts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("other_case", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("permission", sa.String(length=36), nullable=False),
        sa.Column("refusal", sa.String(length=36), nullable=True),
        sa.Column("exclusion", sa.String(length=36), nullable=True),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("arose_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_by_agency", sa.String(length=64), nullable=True),
        sa.Column("upholds", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
    )
    op.create_index("ix_conflicts_case_id", "conflicts", ["case_id"])
    op.create_index("ix_conflicts_other_case", "conflicts", ["other_case"])


def _withdrawals() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=False),
        sa.Column("recipients", _JSON, nullable=True),
        sa.Column("categories", _JSON, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_agency", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
    )
    op.create_index("ix_withdrawals_case_id", "withdrawals", ["case_id"])


def _risk_questions() -> None:
    op.create_table(
        "risk_questions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("consent", sa.String(length=36), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("answered_by_agency", sa.String(length=64), nullable=True),
        sa.Column("somebody_at_risk", sa.Boolean(), nullable=True),
        sa.Column("considered", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_questions")),
    )
    op.create_index("ix_risk_questions_case_id", "risk_questions", ["case_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("consent", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("users", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("held_back", sa.String(length=32), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("keeps", sa.Boolean(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_recipient", "messages", ["recipient"])
    op.create_index("ix_messages_consent", "messages", ["consent"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("consents") as consents:
        for column in _ADDED:
            consents.drop_column(column)
