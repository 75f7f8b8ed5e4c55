"""In what capacity an exclusion was asked for, and why an attorney or deputy decided more than money; alerts
that were for the lead by name are for whoever leads.

What an attorney, deputy or local authority said before without a recorded authority opens nothing any more
(``what_stands.py``); it stands here as it was said.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    with op.batch_alter_table("consents") as consents:
        consents.add_column(sa.Column("incapacity", _JSON, nullable=True))
    with op.batch_alter_table("exclusions") as exclusions:
        exclusions.add_column(sa.Column("capacity", sa.String(length=64), nullable=True))
        exclusions.add_column(sa.Column("under", sa.String(length=36), nullable=True))
        exclusions.add_column(sa.Column("incapacity", _JSON, nullable=True))
    op.create_index("ix_alerts_case_id", "alerts", ["case_id"])
    names = ("kind", "role", "agency", "user")
    known = sa.table("alerts", *(sa.column(name, sa.String()) for name in names))
    for_lead = (known.c.kind.in_(("risk_question", "answers_differ")), known.c.role.is_(None))
    op.execute(sa.update(known).where(*for_lead).values(role="lead", agency=None, user=None))


def downgrade() -> None:
    op.drop_index("ix_alerts_case_id", "alerts")
    with op.batch_alter_table("exclusions") as exclusions:
        for column in ("incapacity", "under", "capacity"):
            exclusions.drop_column(column)
    with op.batch_alter_table("consents") as consents:
        consents.drop_column("incapacity")
