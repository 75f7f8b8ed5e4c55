"""The reports about one time are kept together, as they were made when one of them was first read.

What was read before stays as it was read. What was not says nothing: made now, it could differ from the
others about its time by one person.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0025"
down_revision = "0024"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_NAME, _PERIOD = sa.String(length=40), sa.String(length=10)


def _published(*keys: str) -> sa.TableClause:
    kept = (sa.column("content", sa.JSON()), sa.column("published_at", _MOMENT))
    return sa.table("published_reports", *map(sa.column, keys), *kept)


_APART = _published("report", "by", "period", "scope")
_TOGETHER = _published("report", "period")


def upgrade() -> None:
    together: dict[tuple[str, str], dict[str, Any]] = {}
    for row in op.get_bind().execute(sa.select(_APART).order_by(_APART.c.published_at)).all():
        empty = {"report": row.report, "period": row.period, "content": {}, "published_at": row.published_at}
        kept = together.setdefault((row.report, row.period), empty)
        kept["content"].setdefault(row.by, {})[row.scope] = row.content
    op.drop_table("published_reports")
    op.create_table(
        "published_reports",
        sa.Column("report", _NAME, nullable=False),
        sa.Column("period", _PERIOD, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("report", "period", name=op.f("pk_published_reports")),
    )
    op.bulk_insert(_TOGETHER, list(together.values()))


def downgrade() -> None:
    apart = [
        {"report": row.report, "by": by, "period": row.period, "scope": scope, "content": content,
         "published_at": row.published_at}
        for row in op.get_bind().execute(sa.select(_TOGETHER)).all()
        for by, of_each in row.content.items()
        for scope, content in of_each.items()
    ]  # fmt: skip
    op.drop_table("published_reports")
    op.create_table(
        "published_reports",
        sa.Column("report", _NAME, nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("period", _PERIOD, nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("report", "by", "period", "scope", name=op.f("pk_published_reports")),
    )
    op.bulk_insert(_APART, apart)
