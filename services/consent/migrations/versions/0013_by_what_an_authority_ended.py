"""The order or letter by which an authority ended. Of those that were ended before, nobody said it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("authorities") as altered:
        altered.add_column(sa.Column("ending_reference", sa.String(length=300), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("authorities") as altered:
        altered.drop_column("ending_reference")
