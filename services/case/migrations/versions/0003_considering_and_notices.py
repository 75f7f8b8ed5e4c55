"""Further areas of entries; who considers a case without being on its team; notices."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0003"
down_revision = "0002"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_FIRST_AREAS = "area IN ('person', 'case', 'plan')"
_AREAS = "area IN ('person', 'case', 'plan', 'meetings', 'contacts', 'referrals', 'flags', 'budget')"


def upgrade() -> None:
    _areas(_AREAS)
    op.create_table(
        "considerations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=True),
        sa.Column("because", sa.String(length=36), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_considerations_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_considerations")),
    )
    op.create_index("ix_considerations_case_id", "considerations", ["case_id"])
    op.create_index("ix_considerations_because", "considerations", ["because"])
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=240), nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("cleared_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_case_id", "notices", ["case_id"])
    op.create_index("ix_notices_about_kind", "notices", ["about", "kind"])
    op.create_index(
        "ix_notices_agency_audience_raised_at_id", "notices", ["agency", "audience", "raised_at", "id"]
    )
    op.create_index(
        "uq_notices_once", "notices", ["kind", "about", "occasion", "agency", "audience"], unique=True
    )


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("considerations")
    _areas(_FIRST_AREAS)


def _areas(condition: str) -> None:
    with op.batch_alter_table("entries") as entries:
        entries.drop_constraint(op.f("ck_entries_area"), type_="check")
        entries.create_check_constraint(op.f("ck_entries_area"), condition)
