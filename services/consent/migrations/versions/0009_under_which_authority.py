"""In what capacity an exclusion was asked for, and why an attorney or deputy decided more than money.

What an attorney, deputy or local authority said before without a recorded authority opens nothing any more
(``what_stands.py``); it stands here as it was said.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    with op.batch_alter_table("consents") as consents:
        consents.add_column(sa.Column("incapacity", _JSON, nullable=True))
    with op.batch_alter_table("exclusions") as exclusions:
        exclusions.add_column(sa.Column("capacity", sa.String(length=64), nullable=True))
        exclusions.add_column(sa.Column("under", sa.String(length=36), nullable=True))
        exclusions.add_column(sa.Column("incapacity", _JSON, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("exclusions") as exclusions:
        for column in ("incapacity", "under", "capacity"):
            exclusions.drop_column(column)
    with op.batch_alter_table("consents") as consents:
        consents.drop_column("incapacity")
