"""Whether the family may read who looked because of an override.

Of a statutory one that was recorded before it is not known: it is held back until somebody says that it may.
Who broke the glass was told and still is.
"""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0008"
down_revision = "0007"
_ADDED = ("told_from", "telling_review_on", "telling_reviews")


def upgrade() -> None:
    moment = shared.database.UtcDateTime(timezone=True)
    with op.batch_alter_table("overrides") as overrides:
        overrides.add_column(sa.Column("told_from", moment, nullable=True))
        overrides.add_column(sa.Column("telling_review_on", sa.Date(), nullable=True))
        overrides.add_column(
            sa.Column("telling_reviews", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )
    known = sa.table(
        "overrides",
        sa.column("id", sa.String()),
        sa.column("kind", sa.String()),
        sa.column("valid_until", moment),
        sa.column("recorded_at", moment),
        sa.column("told_from", moment),
        sa.column("telling_review_on", sa.Date()),
    )
    broken = sa.update(known).where(known.c.kind == "break_glass")
    op.execute(broken.values(told_from=known.c.recorded_at))
    recorded = sa.select(known.c.id, known.c.valid_until).where(known.c.kind == "statutory")
    for override, until in op.get_bind().execute(recorded).all():
        asked_again = sa.update(known).where(known.c.id == override)
        op.execute(asked_again.values(telling_review_on=until.date()))


def downgrade() -> None:
    with op.batch_alter_table("overrides") as overrides:
        for column in reversed(_ADDED):
            overrides.drop_column(column)
