"""What the app keeps of people who use it: their session, and what they typed when it ended."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from clients.practitioner.base import Base
from shared.database import UtcDateTime


class SessionRow(Base):
    """``id`` is a digest: whoever reads the table cannot take a session over. ``sealed`` holds the token."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str | None] = mapped_column(String(200), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)


class KeptForm(Base):
    """What somebody had typed into a page when their session had ended, until they are back."""

    __tablename__ = "kept_forms"

    user: Mapped[str] = mapped_column(String(200), primary_key=True)
    page: Mapped[str] = mapped_column(String(300), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
