"""What a notice rests on besides what it is about: whoever may not see both is not told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ONCE = "uq_notices_once"


def upgrade() -> None:
    op.add_column("notices", sa.Column("because", sa.String(length=36), nullable=False, server_default=""))
    op.drop_index(_ONCE, "notices")
    op.create_index(
        _ONCE, "notices", ["kind", "about", "because", "occasion", "agency", "audience"], unique=True
    )
    op.create_index("ix_notices_because", "notices", ["because"])
    # Of which other action these came was not kept; the next run of the clocks raises anew what still holds.
    op.execute("DELETE FROM notices WHERE kind = 'late_for_what_follows'")
    op.execute("UPDATE notices SET occasion = about, about = case_id WHERE kind = 'agency_missing'")


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind = 'late_for_what_follows'")
    op.drop_index("ix_notices_because", "notices")
    op.drop_index(_ONCE, "notices")
    op.create_index(_ONCE, "notices", ["kind", "about", "occasion", "agency", "audience"], unique=True)
    op.drop_column("notices", "because")
