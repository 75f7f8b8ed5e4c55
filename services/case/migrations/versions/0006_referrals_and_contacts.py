"""Referrals and their clock; the contact log and what has become of each offer of help."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0006"
down_revision = "0005"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    _referrals()
    _contact_events()
    _contact_offers()


def _referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by_agency", sa.String(length=64), nullable=False),
        sa.Column("by_user", sa.String(length=200), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'no_reply', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_referrals_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id_cases")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_referrals_entry_id_entries")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_referrals")),
    )
    op.create_index("ix_referrals_case_id", "referrals", ["case_id"])
    op.create_index("ix_referrals_agency_asked_at_entry_id", "referrals", ["agency", "asked_at", "entry_id"])
    op.create_index("ix_referrals_state_answer_by", "referrals", ["state", "answer_by"])


def _contact_events() -> None:
    op.create_table(
        "contact_events",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=24), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contact_events_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_contact_events_entry_id_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_contact_events")),
    )
    op.create_index("uq_contact_events_place", "contact_events", ["case_id", "place"], unique=True)


def _contact_offers() -> None:
    op.create_table(
        "contact_offers",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("next_attempt_on", sa.Date(), nullable=True),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'unanswered', 'in_touch', 'refused')",
            name=op.f("ck_contact_offers_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contact_offers_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_contact_offers_entry_id_entries")
        ),
        sa.PrimaryKeyConstraint("case_id", "agency", name=op.f("pk_contact_offers")),
    )
    op.create_index("ix_contact_offers_next_attempt_on", "contact_offers", ["next_attempt_on"])


def downgrade() -> None:
    op.drop_table("contact_offers")
    op.drop_table("contact_events")
    op.drop_table("referrals")
