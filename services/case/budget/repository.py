"""All SQL about the money of cases. Every change of a balance is one statement that looks before it takes."""

from typing import Any

from sqlalchemy import func, insert, select, update

from services.case.budget.balances import Allocation, Purchase
from services.case.budget.tables import BudgetAllocation, BudgetPurchase
from shared.database import ReadSession, WriteSession

_ALLOCATION: tuple[Any, ...] = (
    BudgetAllocation.entry_id, BudgetAllocation.stream_id, BudgetAllocation.held_by,
    BudgetAllocation.allocated_pence, BudgetAllocation.committed_pence, BudgetAllocation.spent_pence,
)  # fmt: skip
_PURCHASE: tuple[Any, ...] = (
    BudgetPurchase.entry_id, BudgetPurchase.allocation_id, BudgetPurchase.action_id, BudgetPurchase.state,
    BudgetPurchase.amount_pence, BudgetPurchase.spent_pence, BudgetPurchase.ordered_by_user,
)  # fmt: skip
_FREE = BudgetAllocation.allocated_pence - BudgetAllocation.committed_pence - BudgetAllocation.spent_pence


def add_allocation(
    session: WriteSession, case: str, entry: str, stream: str, held_by: str, pence: int
) -> None:
    session.execute(
        insert(BudgetAllocation),
        {
            "entry_id": entry,
            "case_id": case,
            "stream_id": stream,
            "held_by": held_by,
            "allocated_pence": pence,
            "committed_pence": 0,
            "spent_pence": 0,
        },
    )


def allocations_of(session: ReadSession, case: str) -> list[Allocation]:
    rows = session.execute(
        select(*_ALLOCATION).where(BudgetAllocation.case_id == case).order_by(BudgetAllocation.entry_id)
    )
    return [Allocation(*row) for row in rows]


def has_of(session: ReadSession, case: str, stream: str) -> int:
    """How much of a stream a case has, all its allocations together, less what went back."""
    has = session.execute(
        select(func.sum(BudgetAllocation.allocated_pence)).where(
            BudgetAllocation.case_id == case, BudgetAllocation.stream_id == stream
        )
    ).scalar_one()
    return int(has or 0)


def find_allocation(session: ReadSession, case: str, entry: str) -> Allocation | None:
    return next((one for one in allocations_of(session, case) if one.id == entry), None)


def commit(session: WriteSession, allocation: str, pence: int) -> bool:
    """Bind this much of what is free; false, and nothing bound, where less is."""
    bound = session.execute(
        update(BudgetAllocation)
        .where(BudgetAllocation.entry_id == allocation, pence <= _FREE)
        .values(committed_pence=BudgetAllocation.committed_pence + pence)
        .returning(BudgetAllocation.entry_id)
    )
    return bool(bound.all())


def unbind(session: WriteSession, allocation: str, bound: int, spent: int = 0) -> None:
    """What was bound is bound no more: so much of it was spent, the rest is free."""
    session.execute(
        update(BudgetAllocation)
        .where(BudgetAllocation.entry_id == allocation)
        .values(
            committed_pence=BudgetAllocation.committed_pence - bound,
            spent_pence=BudgetAllocation.spent_pence + spent,
        )
    )


def give_back(session: WriteSession, allocation: str, pence: int) -> bool:
    """Take this much of what is free out of an allocation; false where less is."""
    taken = session.execute(
        update(BudgetAllocation)
        .where(BudgetAllocation.entry_id == allocation, pence <= _FREE)
        .values(allocated_pence=BudgetAllocation.allocated_pence - pence)
        .returning(BudgetAllocation.entry_id)
    )
    return bool(taken.all())


def add_purchase(
    session: WriteSession, case: str, entry: str, allocation: str, action: str | None, state: str,
    pence: int, user: str,
) -> None:  # fmt: skip
    session.execute(
        insert(BudgetPurchase),
        {
            "entry_id": entry,
            "case_id": case,
            "allocation_id": allocation,
            "action_id": action,
            "state": state,
            "amount_pence": pence,
            "spent_pence": 0,
            "ordered_by_user": user,
            "signed_by_user": None,
        },
    )


def purchases_of(session: ReadSession, case: str) -> list[Purchase]:
    rows = session.execute(
        select(*_PURCHASE).where(BudgetPurchase.case_id == case).order_by(BudgetPurchase.entry_id)
    )
    return [Purchase(*row) for row in rows]


def lock_purchase(session: WriteSession, case: str, entry: str) -> Purchase | None:
    row = session.execute(
        select(*_PURCHASE)
        .where(BudgetPurchase.entry_id == entry, BudgetPurchase.case_id == case)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Purchase(*row)


def move_purchase(session: WriteSession, entry: str, state: str, **more: Any) -> None:
    session.execute(
        update(BudgetPurchase).where(BudgetPurchase.entry_id == entry).values(state=state, **more)
    )
