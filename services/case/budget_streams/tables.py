"""Where the money comes from."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class BudgetStream(Base):
    """Money that an agency gives, with its rules. What is allocated is never more than there is."""

    __tablename__ = "budget_streams"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("most_per_case_pence > 0", name="most_per_case"),
        CheckConstraint("0 <= allocated_pence AND allocated_pence <= total_pence", name="balance"),
        Index(None, "opened_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    agency: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(16))
    may_buy: Mapped[list[str]] = mapped_column(JSON)
    most_per_purchase_pence: Mapped[int | None] = mapped_column(BigInteger)
    second_signature_above_pence: Mapped[int | None] = mapped_column(BigInteger)
    most_per_case_pence: Mapped[int | None] = mapped_column(BigInteger)
    total_pence: Mapped[int] = mapped_column(BigInteger)
    allocated_pence: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
