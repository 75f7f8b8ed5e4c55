"""Each cost knows in the report of which year it was added up.

Of a report that was read before, that is what was recorded by then. What came later is in none yet, and is in
that of the year in which it was recorded.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0026"
down_revision = "0025"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_MADE = sa.table(
    "published_reports", sa.column("report"), sa.column("period"), sa.column("published_at", _MOMENT)
)
_COSTS = sa.table(
    "service_costs",
    sa.column("starts_on", sa.Date()),
    sa.column("recorded_at", _MOMENT),
    sa.column("counted_in"),
)


def upgrade() -> None:
    with op.batch_alter_table("service_costs") as costs:
        costs.add_column(sa.Column("counted_in", sa.Integer(), nullable=True))
        costs.drop_index("ix_service_costs_starts_on")
        costs.create_index("ix_service_costs_counted_in_starts_on", ["counted_in", "starts_on"])
    made = sa.select(_MADE.c.period, _MADE.c.published_at).where(_MADE.c.report == "costs")
    for period, published_at in op.get_bind().execute(made).all():
        year = int(period)
        op.execute(
            _COSTS.update()
            .where(_COSTS.c.starts_on >= date(year, 1, 1), _COSTS.c.starts_on < date(year + 1, 1, 1))
            .where(_COSTS.c.recorded_at <= published_at)
            .values(counted_in=year)
        )


def downgrade() -> None:
    with op.batch_alter_table("service_costs") as costs:
        costs.drop_index("ix_service_costs_counted_in_starts_on")
        costs.create_index("ix_service_costs_starts_on", ["starts_on"])
        costs.drop_column("counted_in")
