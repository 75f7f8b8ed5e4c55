"""In which roles a lead is shown nothing by the policy. Of policies that were published before nothing is
known here until one is published again."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0028"
down_revision = "0027"

_MOMENT = shared.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "roles_shown_nothing",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles_shown_nothing")),
    )
    for columns in (["agency", "role"], ["in_force", "since"], ["in_force", "until"]):
        op.create_index(f"ix_roles_shown_nothing_{'_'.join(columns)}", "roles_shown_nothing", columns)


def downgrade() -> None:
    op.drop_table("roles_shown_nothing")
