"""Who cannot act for a while. Of whoever is suspended now nothing is known here until it is said again."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0023"
down_revision = "0022"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("occasion", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=True),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("occasion", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_user", "absences", ["user"])


def downgrade() -> None:
    op.drop_table("absences")
