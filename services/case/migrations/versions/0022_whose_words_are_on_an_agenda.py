"""An item of an agenda may say whose word it is made of, and an invitation of the family which agency asked
them. Of what was there neither is known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_FROM = "fk_agenda_items_invitation_id_meeting_invitations"


def upgrade() -> None:
    with op.batch_alter_table("agenda_items") as table:
        table.add_column(sa.Column("invitation_id", sa.String(length=36), nullable=True))
        table.create_foreign_key(_FROM, "meeting_invitations", ["invitation_id"], ["id"])
        table.create_index("ix_agenda_items_invitation_id", ["invitation_id"])
    op.add_column("meeting_invitations", sa.Column("invited_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("meeting_invitations") as table:
        table.drop_column("invited_by")
    with op.batch_alter_table("agenda_items") as table:
        table.drop_index("ix_agenda_items_invitation_id")
        table.drop_constraint(_FROM, type_="foreignkey")
        table.drop_column("invitation_id")
