"""When an entry was corrected, beside when it was first recorded: the one stood in place of the other."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0017"
down_revision = "0016"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_VERSIONS_APART = """
    UPDATE entry_versions SET corrected_at = recorded_at, recorded_at = (
        SELECT first.recorded_at FROM entry_versions AS first
        WHERE first.entry_id = entry_versions.entry_id AND first.version = 1
    )
    WHERE version > 1 AND recorded_at <> (
        SELECT first.recorded_at FROM entry_versions AS first
        WHERE first.entry_id = entry_versions.entry_id AND first.version = 1
    )"""
_ENTRIES_APART = """
    UPDATE entries SET corrected_at = recorded_at, recorded_at = (
        SELECT first.recorded_at FROM entry_versions AS first
        WHERE first.entry_id = entries.id AND first.version = 1
    )
    WHERE version > 1 AND recorded_at <> (
        SELECT first.recorded_at FROM entry_versions AS first
        WHERE first.entry_id = entries.id AND first.version = 1
    )"""


def upgrade() -> None:
    for table in ("entries", "entry_versions"):
        op.add_column(table, sa.Column("corrected_at", _MOMENT, nullable=True))
    op.execute(_VERSIONS_APART)
    op.execute(_ENTRIES_APART)


def downgrade() -> None:
    op.execute("UPDATE entries SET recorded_at = corrected_at WHERE corrected_at IS NOT NULL")
    op.execute("UPDATE entry_versions SET recorded_at = corrected_at WHERE corrected_at IS NOT NULL")
    for table in ("entries", "entry_versions"):
        op.drop_column(table, "corrected_at")
