"""What agencies spent on whom, for adding up. For what stands in the entries."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class ServiceCost(Base):
    """One cost of one agency, in pence. ``counted_in``: the year in whose report it was added up, None as
    long as it is in none."""

    __tablename__ = "service_costs"
    __table_args__ = (CheckConstraint("pence > 0", name="pence"), Index(None, "counted_in", "starts_on"))

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    agency: Mapped[str] = mapped_column(String(64))
    starts_on: Mapped[date] = mapped_column(Date)
    pence: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    counted_in: Mapped[int | None] = mapped_column(Integer)
