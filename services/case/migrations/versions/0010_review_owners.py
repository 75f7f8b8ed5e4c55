"""Who sees to it that a case is looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "review_owners",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_review_owners_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_review_owners")),
    )


def downgrade() -> None:
    op.drop_table("review_owners")
