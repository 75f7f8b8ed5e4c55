"""An index for every list, so that none reads more for there being more cases: of what waits still, and of
whoever is in a case by their name."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_NOTICES, _REFERRALS, _SIGNALS = "cleared_at IS NULL", "answered_at IS NULL", "state <> 'closed'"


def _create(table: str, columns: Sequence[str], where: str | None = None) -> None:
    waits = None if where is None else sa.text(where)
    name = f"ix_{table}_{'_'.join(columns)}"
    op.create_index(name, table, columns, sqlite_where=waits, postgresql_where=waits)


def _drop(table: str, columns: Sequence[str]) -> None:
    op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)


_OF_WHAT_WAITS = (
    ("notices", ("agency", "audience", "raised_at", "id"), _NOTICES),
    ("referrals", ("agency", "asked_at", "entry_id"), _REFERRALS),
    ("signals", ("raised_at", "id"), _SIGNALS),
)
_ADDED = (("nominations", "member_id"), ("leaderships", "member_id"), ("cases", "review_on"))


def upgrade() -> None:
    for table, columns, where in _OF_WHAT_WAITS:
        _drop(table, columns)
        _create(table, columns, where)
    _create("notices", ("agency", "audience", "kind", "raised_at", "id"), _NOTICES)
    _drop("memberships", ("agency", "user"))
    _create("memberships", ("user", "agency"))
    for table, column in _ADDED:
        _create(table, (column,))


def downgrade() -> None:
    for table, column in _ADDED:
        _drop(table, (column,))
    _drop("memberships", ("user", "agency"))
    _create("memberships", ("agency", "user"))
    _drop("notices", ("agency", "audience", "kind", "raised_at", "id"))
    for table, columns, _ in _OF_WHAT_WAITS:
        _drop(table, columns)
        _create(table, columns)
