"""Which reviews somebody owns is found when they leave."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index("ix_review_owners_agency_user", "review_owners", ["agency", "user"])


def downgrade() -> None:
    op.drop_index("ix_review_owners_agency_user", "review_owners")
