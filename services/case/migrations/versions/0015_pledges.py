"""What was pledged at a meeting says how it stands as a pledge; until now it was an action like any other."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_STANDS = {
    "agreed": "pledged",
    "in_progress": "pledged",
    "done": "delivered",
    "not_done": "missed",
    "declined": "declined",
    "ended": "ended",
}
_READ_AT_ONCE = 1000

_entries = sa.table("entries", sa.column("id"), sa.column("fields", sa.JSON()))
_pledges = sa.table("meeting_pledges", sa.column("entry_id"))
_promises = sa.table("promises", sa.column("entry_id"), sa.column("kind"), sa.column("status"))


def upgrade() -> None:
    for entry, fields in _pledged():
        stands = _STANDS[fields["status"]]
        _write(entry, {**fields, "pledge": stands})
        owed = {"kind": "pledge"} | ({"status": "missed"} if stands == "missed" else {})
        op.execute(sa.update(_promises).where(_promises.c.entry_id == entry).values(**owed))


def downgrade() -> None:
    for entry, fields in _pledged():
        _write(entry, {name: value for name, value in fields.items() if name not in _NEW})
        owed = {"kind": "action", "status": fields["status"]}
        op.execute(sa.update(_promises).where(_promises.c.entry_id == entry).values(**owed))


_NEW = ("pledge", "what_happened", "said_by")


def _pledged() -> list[tuple[str, dict[str, Any]]]:
    """Every action that was pledged, with what it says."""
    found: list[tuple[str, dict[str, Any]]] = []
    page = (
        sa.select(_entries.c.id, _entries.c.fields)
        .join(_pledges, _pledges.c.entry_id == _entries.c.id)
        .order_by(_entries.c.id)
        .limit(_READ_AT_ONCE)
    )
    last = ""
    while rows := op.get_bind().execute(page.where(_entries.c.id > last)).all():
        found += [(row.id, row.fields) for row in rows]
        last = rows[-1].id
    return found


def _write(entry: str, fields: dict[str, Any]) -> None:
    op.execute(sa.update(_entries).where(_entries.c.id == entry).values(fields=fields))
