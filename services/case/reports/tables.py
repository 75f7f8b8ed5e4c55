"""Reports as they were first read."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class PublishedReport(Base):
    """A report that somebody has read. It stays as it was: what changes from one reading to the next could be
    one person. ``scope`` is an agency, or empty for the whole partnership."""

    __tablename__ = "published_reports"

    report: Mapped[str] = mapped_column(String(40), primary_key=True)
    by: Mapped[str] = mapped_column(String(20), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime())
