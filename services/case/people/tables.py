"""People, and the keys by which they are found."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Person(Base):
    """Somebody. All that is known about them stands in entries."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by_agency: Mapped[str] = mapped_column(String(64))


class PersonSearchKey(Base):
    """A normalised identifying detail of an entry as it stands.

    Nothing here is unique: a hidden duplicate is recorded, never refused (design 3.5).
    """

    __tablename__ = "person_search"
    __table_args__ = (Index(None, "kind", "key", "person_id"), Index(None, "person_id"))

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
