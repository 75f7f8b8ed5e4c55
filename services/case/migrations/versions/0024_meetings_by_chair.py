"""An index for the meetings of which somebody is in the chair."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_index("ix_meetings_chair_user_chair_agency", "meetings", ["chair_user", "chair_agency"])


def downgrade() -> None:
    op.drop_index("ix_meetings_chair_user_chair_agency", "meetings")
