"""Somebody of the family can be invited to a meeting, and be there: a person, for no agency and in no role.

Every invitation that there was is somebody's of an agency, and stays as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_SOMEBODY_OF_AN_AGENCY = {
    "user": sa.String(length=200),
    "name": sa.String(length=300),
    "agency": sa.String(length=64),
    "role": sa.String(length=40),
}
_ONE_OR_THE_OTHER = (
    '(person_id IS NULL AND "user" IS NOT NULL AND name IS NOT NULL AND agency IS NOT NULL '
    "AND role IS NOT NULL) OR "
    '(person_id IS NOT NULL AND "user" IS NULL AND name IS NULL AND agency IS NULL AND role IS NULL)'
)


def upgrade() -> None:
    with op.batch_alter_table("meeting_invitations") as table:
        table.add_column(sa.Column("person_id", sa.String(length=36), nullable=True))
        for name, kind in _SOMEBODY_OF_AN_AGENCY.items():
            table.alter_column(name, existing_type=kind, nullable=True)
        table.create_foreign_key(
            op.f("fk_meeting_invitations_person_id_people"), "people", ["person_id"], ["id"]
        )
        table.create_check_constraint(op.f("ck_meeting_invitations_who"), _ONE_OR_THE_OTHER)
    op.create_index(
        "uq_meeting_invitations_of_person", "meeting_invitations", ["meeting_id", "person_id"], unique=True
    )


def downgrade() -> None:
    op.execute(
        "DELETE FROM meeting_part_attendance WHERE invitation_id IN "
        "(SELECT id FROM meeting_invitations WHERE person_id IS NOT NULL)"
    )
    op.execute("DELETE FROM meeting_invitations WHERE person_id IS NOT NULL")
    op.drop_index("uq_meeting_invitations_of_person", "meeting_invitations")
    with op.batch_alter_table("meeting_invitations") as table:
        table.drop_constraint(op.f("ck_meeting_invitations_who"), type_="check")
        table.drop_constraint(op.f("fk_meeting_invitations_person_id_people"), type_="foreignkey")
        for name, kind in _SOMEBODY_OF_AN_AGENCY.items():
            table.alter_column(name, existing_type=kind, nullable=False)
        table.drop_column("person_id")
