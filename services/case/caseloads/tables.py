"""How much somebody may lead at once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class CaseloadCap(Base):
    """The most that the cases which somebody of an agency leads may weigh together, as a manager set it."""

    __tablename__ = "caseload_caps"
    __table_args__ = (CheckConstraint("cap >= 0", name="cap"),)

    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(200), primary_key=True)
    cap: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(UtcDateTime())
    set_by: Mapped[str] = mapped_column(String(200))
