"""Meetings: how they stand, who is invited, their papers, who was there for what, what was pledged."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0009"
down_revision = "0008"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    _meetings()
    _agenda()
    _invitations()
    _attendance_and_pledges()


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("chair_agency", sa.String(length=64), nullable=False),
        sa.Column("chair_user", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'in_session', 'cancelled', 'not_recorded', 'held')",
            name=op.f("ck_meetings_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_meetings_case_id_cases")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_meetings_entry_id_entries")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_meetings")),
    )
    op.create_index("ix_meetings_case_id_starts_at", "meetings", ["case_id", "starts_at"])
    op.create_index("ix_meetings_state_starts_at", "meetings", ["state", "starts_at"])


def _agenda() -> None:
    op.create_table(
        "agenda_items",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_agenda_items_entry_id_entries")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.entry_id"], name=op.f("fk_agenda_items_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_agenda_items")),
    )
    op.create_index("ix_agenda_items_meeting_id", "agenda_items", ["meeting_id"])
    op.create_table(
        "meeting_papers",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_items.entry_id"], name=op.f("fk_meeting_papers_item_id_agenda_items")
        ),
        sa.PrimaryKeyConstraint("item_id", "entry_id", name=op.f("pk_meeting_papers")),
    )


def _invitations() -> None:
    op.create_table(
        "meeting_invitations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("invited_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('invited', 'accepted', 'apologies', 'present', 'absent', 'cancelled')",
            name=op.f("ck_meeting_invitations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.entry_id"], name=op.f("fk_meeting_invitations_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_invitations")),
    )
    op.create_index(
        "uq_meeting_invitations_once", "meeting_invitations", ["meeting_id", "agency", "user"], unique=True
    )


def _attendance_and_pledges() -> None:
    op.create_table(
        "meeting_part_attendance",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("invitation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["meeting_invitations.id"],
            name=op.f("fk_meeting_part_attendance_invitation_id_meeting_invitations"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["agenda_items.entry_id"],
            name=op.f("fk_meeting_part_attendance_item_id_agenda_items"),
        ),
        sa.PrimaryKeyConstraint("item_id", "invitation_id", name=op.f("pk_meeting_part_attendance")),
    )
    op.create_table(
        "meeting_pledges",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_meeting_pledges_entry_id_entries")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.entry_id"], name=op.f("fk_meeting_pledges_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_meeting_pledges")),
    )
    op.create_index("ix_meeting_pledges_meeting_id", "meeting_pledges", ["meeting_id"])


def downgrade() -> None:
    for table in (
        "meeting_pledges",
        "meeting_part_attendance",
        "meeting_invitations",
        "meeting_papers",
        "agenda_items",
        "meetings",
    ):
        op.drop_table(table)
