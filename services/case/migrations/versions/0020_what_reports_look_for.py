"""A report about a quarter reads that quarter, however many cases there are."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_INDEXES = (
    ("ix_cases_opened_at", "cases", "opened_at"),
    ("ix_nominations_nominated_at", "nominations", "nominated_at"),
    ("ix_referrals_asked_at", "referrals", "asked_at"),
)


def upgrade() -> None:
    for name, table, column in _INDEXES:
        op.create_index(name, table, [column])
    closure = sa.text("kind = 'closure'")
    op.create_index(
        "ix_entries_closures", "entries", ["recorded_at"], sqlite_where=closure, postgresql_where=closure
    )


def downgrade() -> None:
    op.drop_index("ix_entries_closures", "entries")
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
