"""As whom somebody was signed in who stopped a user, or who held a receipt back or confirmed that.

Nothing says it of what was recorded before: there the user stands alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
_NAMES = {"suspensions": ("suspended_by_name",), "holds": ("proposed_by_name", "confirmed_by_name")}


def upgrade() -> None:
    for table, names in _NAMES.items():
        with op.batch_alter_table(table) as altered:
            for name in names:
                altered.add_column(sa.Column(name, sa.String(length=300), nullable=True))


def downgrade() -> None:
    for table, names in _NAMES.items():
        with op.batch_alter_table(table) as altered:
            for name in reversed(names):
                altered.drop_column(name)
