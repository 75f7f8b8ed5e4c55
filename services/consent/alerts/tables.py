"""Alerts: that something happened in a case, for somebody who should look. Never what happened."""

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Alert(Base):
    """For one ``user``, for everybody in a ``role``, or for one user in that role; of one ``agency``, or
    whichever they act for. ``role`` may be an office besides: that of the case's lead, or of the
    partnership's officers, whoever holds it when it is read. Shown from ``shows_from`` on.

    ``not_for``: users who brought it about. ``subjects``: whom the case is about, so that nobody is told who
    is barred from them. ``called_off_at``: the reason for it went away, before it was shown or since.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_agency_shows_from", "agency", "shows_from"),
        Index("ix_alerts_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    about: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(32))
    agency: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str | None] = mapped_column(String(32))
    user: Mapped[str | None] = mapped_column(String(200))
    subjects: Mapped[list[str]] = mapped_column(JSON)
    not_for: Mapped[list[str]] = mapped_column(JSON)
    shows_from: Mapped[datetime] = mapped_column(UtcDateTime())
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
