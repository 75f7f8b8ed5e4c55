"""How much money a case has, what is bound and what is spent. What was bought for whom stands in entries."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base


class BudgetAllocation(Base):
    """Money of a stream for a case: what is allocated is bound, spent or free, never below nothing."""

    __tablename__ = "budget_allocations"
    __table_args__ = (
        CheckConstraint(
            "committed_pence >= 0 AND spent_pence >= 0 AND committed_pence + spent_pence <= allocated_pence",
            name="balance",
        ),
        Index(None, "case_id"),
        Index(None, "stream_id"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    stream_id: Mapped[str] = mapped_column(ForeignKey("budget_streams.id"))
    held_by: Mapped[str] = mapped_column(String(64))
    allocated_pence: Mapped[int] = mapped_column(BigInteger)
    committed_pence: Mapped[int] = mapped_column(BigInteger)
    spent_pence: Mapped[int] = mapped_column(BigInteger)


class BudgetPurchase(Base):
    """One purchase: ``amount_pence`` is bound until it is spent, refused or released. ``action_id`` stands
    here and not in the entry, so that who sees the one need not learn of the other."""

    __tablename__ = "budget_purchases"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount"),
        CheckConstraint("spent_pence >= 0 AND spent_pence <= amount_pence", name="spent"),
        Index(None, "case_id"),
        Index(None, "allocation_id"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    allocation_id: Mapped[str] = mapped_column(ForeignKey("budget_allocations.entry_id"))
    action_id: Mapped[str | None] = mapped_column(ForeignKey("entries.id"))
    state: Mapped[str] = mapped_column(String(24))
    amount_pence: Mapped[int] = mapped_column(BigInteger)
    spent_pence: Mapped[int] = mapped_column(BigInteger)
    ordered_by_user: Mapped[str] = mapped_column(String(200))
    signed_by_user: Mapped[str | None] = mapped_column(String(200))
