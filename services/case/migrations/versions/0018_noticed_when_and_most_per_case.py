"""On which day a small concern was noticed, beside when it was written down; and how much of a stream one
case is given in all.

What was noticed when has stood in the entries all along. Where an entry does not say, it was the day on which
it was written down.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0018"
down_revision = "0017"

_READ_AT_ONCE = 1000
_MOMENT = shared.database.UtcDateTime(timezone=True)

_entries = sa.table("entries", sa.column("id"), sa.column("fields", sa.JSON()))
_concerns = sa.table(
    "small_concerns",
    sa.column("entry_id"),
    sa.column("recorded_at", _MOMENT),
    sa.column("noticed_on", sa.Date()),
)


def upgrade() -> None:
    op.add_column("small_concerns", sa.Column("noticed_on", sa.Date(), nullable=True))
    _say_when()
    with op.batch_alter_table("small_concerns") as table:
        table.alter_column("noticed_on", existing_type=sa.Date(), nullable=False)
    op.drop_index("ix_small_concerns_person_id_recorded_at", "small_concerns")
    op.create_index("ix_small_concerns_person_id_noticed_on", "small_concerns", ["person_id", "noticed_on"])
    with op.batch_alter_table("budget_streams") as table:
        table.add_column(sa.Column("most_per_case_pence", sa.BigInteger(), nullable=True))
        table.create_check_constraint(op.f("ck_budget_streams_most_per_case"), "most_per_case_pence > 0")


def downgrade() -> None:
    with op.batch_alter_table("budget_streams") as table:
        table.drop_constraint(op.f("ck_budget_streams_most_per_case"), type_="check")
        table.drop_column("most_per_case_pence")
    op.drop_index("ix_small_concerns_person_id_noticed_on", "small_concerns")
    op.create_index("ix_small_concerns_person_id_recorded_at", "small_concerns", ["person_id", "recorded_at"])
    with op.batch_alter_table("small_concerns") as table:
        table.drop_column("noticed_on")


def _say_when() -> None:
    page = (
        sa.select(_concerns.c.entry_id, _concerns.c.recorded_at, _entries.c.fields)
        .join(_entries, _entries.c.id == _concerns.c.entry_id)
        .order_by(_concerns.c.entry_id)
        .limit(_READ_AT_ONCE)
    )
    last = ""
    while rows := op.get_bind().execute(page.where(_concerns.c.entry_id > last)).all():
        for row in rows:
            known = _concerns.c.entry_id == row.entry_id
            op.execute(sa.update(_concerns).where(known).values(noticed_on=_noticed_on(row)))
        last = rows[-1].entry_id


def _noticed_on(row: Any) -> date:
    said = (row.fields or {}).get("noticed_on")
    recorded: date = row.recorded_at.date()
    return recorded if said is None else min(date.fromisoformat(said), recorded)
