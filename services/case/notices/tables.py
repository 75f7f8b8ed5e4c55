"""Notices: that something in a case waits for somebody. Never what (design 3.5)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime

WAITS = text("cleared_at IS NULL")


class NoticeRow(Base):
    """For one user of an agency, or for everybody who acts in one role for it (``audience``).

    ``about`` names what waits: an entry, a nomination, a case. ``occasion`` tells one time from the next,
    such as the day that was missed: a notice is raised once, however many processes look at the clock. Once
    what waited is settled its occasion is the notice's own id, so that it may come again.
    ``because`` is another entry without which it would not have been raised, or empty: whoever may not see
    both is not told.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "about", "kind"),
        Index(None, "because"),
        Index(None, "agency", "audience", "raised_at", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index(
            None, "agency", "audience", "kind", "raised_at", "id", sqlite_where=WAITS, postgresql_where=WAITS
        ),
        Index("uq_notices_once", "kind", "about", "because", "occasion", "agency", "audience", unique=True),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(36))
    because: Mapped[str] = mapped_column(String(36), server_default="")
    occasion: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(String(64))
    audience: Mapped[str] = mapped_column(String(240))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class NoticeLook(Base):
    """Somebody (``audience``: their own address) looked at an alarm that is for others of their role too."""

    __tablename__ = "notice_looks"

    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(240), primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime())
