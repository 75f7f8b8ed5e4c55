"""Who stands in for a lead, which cases nobody leads, how much a case weighs, and who objects."""

import sqlalchemy as sa
from alembic import op

import shared.database

revision = "0008"
down_revision = "0007"

_MOMENT = shared.database.UtcDateTime(timezone=True)
_FIRST_STATES = "state IN ('nominated', 'accepted', 'refused', 'withdrawn')"
_STATES = "state IN ('nominated', 'accepted', 'refused', 'withdrawn', 'objected')"
_VACANT = """
    INSERT INTO vacancies (case_id, since)
    SELECT cases.id, COALESCE(
        (SELECT max(leaderships.until) FROM leaderships WHERE leaderships.case_id = cases.id), cases.opened_at
    )
    FROM cases
    WHERE cases.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM leaderships WHERE leaderships.case_id = cases.id AND leaderships.until IS NULL
    )"""


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("weight", sa.Integer(), server_default="1", nullable=False))
        cases.create_check_constraint(op.f("ck_cases_weight"), "weight BETWEEN 1 AND 5")
    with op.batch_alter_table("nominations") as nominations:
        nominations.add_column(
            sa.Column("nominated_by", sa.String(length=16), server_default="team", nullable=False)
        )
        nominations.add_column(sa.Column("exceeds_cap_because", sa.Text(), nullable=True))
        nominations.add_column(sa.Column("objected_at", _MOMENT, nullable=True))
        nominations.add_column(sa.Column("objection", sa.Text(), nullable=True))
        nominations.drop_constraint(op.f("ck_nominations_state"), type_="check")
        nominations.create_check_constraint(op.f("ck_nominations_state"), _STATES)
        nominations.create_check_constraint(
            op.f("ck_nominations_nominated_by"), "nominated_by IN ('team', 'panel')"
        )
    op.create_table(
        "deputies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("leadership_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint("since < until", name=op.f("ck_deputies_days")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deputies_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["memberships.id"], name=op.f("fk_deputies_member_id_memberships")
        ),
        sa.ForeignKeyConstraint(
            ["leadership_id"],
            ["leaderships.nomination_id"],
            name=op.f("fk_deputies_leadership_id_leaderships"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputies")),
    )
    op.create_index("ix_deputies_case_id", "deputies", ["case_id"])
    op.create_index("ix_deputies_member_id", "deputies", ["member_id"])
    op.create_table(
        "vacancies",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_vacancies_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_vacancies")),
    )
    op.create_index("ix_vacancies_since_case_id", "vacancies", ["since", "case_id"])
    op.create_table(
        "caseload_caps",
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("cap >= 0", name=op.f("ck_caseload_caps_cap")),
        sa.PrimaryKeyConstraint("agency", "user", name=op.f("pk_caseload_caps")),
    )
    op.execute(_VACANT)


def downgrade() -> None:
    op.drop_table("caseload_caps")
    op.drop_table("vacancies")
    op.drop_table("deputies")
    with op.batch_alter_table("nominations") as nominations:
        nominations.drop_constraint(op.f("ck_nominations_nominated_by"), type_="check")
        nominations.drop_constraint(op.f("ck_nominations_state"), type_="check")
        nominations.create_check_constraint(op.f("ck_nominations_state"), _FIRST_STATES)
        for name in ("objection", "objected_at", "exceeds_cap_because", "nominated_by"):
            nominations.drop_column(name)
    with op.batch_alter_table("cases") as cases:
        cases.drop_constraint(op.f("ck_cases_weight"), type_="check")
        cases.drop_column("weight")
