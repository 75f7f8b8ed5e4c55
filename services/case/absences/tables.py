"""Who cannot act for a while, as far as somebody might wait for them."""

from datetime import datetime

from sqlalchemy import Boolean, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Absence(Base):
    """A time for which a user does not act: for one agency or (null) for any. ``occasion`` says which time,
    and never why."""

    __tablename__ = "absences"
    __table_args__ = (Index(None, "user"),)

    occasion: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str | None] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class RoleShownNothing(Base):
    """A time for which a lead in this role of an agency is shown nothing, by the policy that counts then.
    ``in_force``: the clock has seen that it began, and not yet that it is over."""

    __tablename__ = "roles_shown_nothing"
    __table_args__ = (
        Index(None, "agency", "role"),
        Index(None, "in_force", "since"),
        Index(None, "in_force", "until"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    in_force: Mapped[bool] = mapped_column(Boolean)
