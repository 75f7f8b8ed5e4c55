"""An entry may say for which agencies its recorder works; of what was there the owner alone is known."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_TABLES = ("entries", "entry_versions")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("recorded_for", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table) as altered:
            altered.drop_column("recorded_for")
