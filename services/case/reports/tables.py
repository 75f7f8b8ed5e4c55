"""Reports as they were made when one of them was first read."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class PublishedReport(Base):
    """The reports about one time, made together when somebody first read one of them. They stay as they
    were: what changes from one reading to the next, or from one report to another, could be one person.
    ``content``: by how they are split, and by agency, or empty for the whole partnership."""

    __tablename__ = "published_reports"

    report: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    content: Mapped[dict[str, dict[str, dict[str, Any]]]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime())
