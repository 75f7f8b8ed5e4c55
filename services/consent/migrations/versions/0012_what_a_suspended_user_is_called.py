"""What a suspended user is called. Nobody said it of those from before: there the user stands alone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("suspensions") as altered:
        altered.add_column(sa.Column("user_name", sa.String(length=300), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("suspensions") as altered:
        altered.drop_column("user_name")
