"""All SQL about streams of money."""

from typing import Any

from sqlalchemy import insert, select, update

from services.case.budget_streams.rules import Stream
from services.case.budget_streams.tables import BudgetStream
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest
from shared.ids import new_id
from shared.records.budget import NewStream

_STREAM: tuple[Any, ...] = (
    BudgetStream.id, BudgetStream.agency, BudgetStream.name, BudgetStream.state, BudgetStream.may_buy,
    BudgetStream.most_per_purchase_pence, BudgetStream.second_signature_above_pence,
    BudgetStream.most_per_case_pence, BudgetStream.total_pence, BudgetStream.allocated_pence,
)  # fmt: skip


def add(session: WriteSession, request: WriteRequest, new: NewStream) -> str:
    stream = new_id()
    session.execute(
        insert(BudgetStream),
        {
            "id": stream,
            "agency": request.caller.agency,
            "name": new.name,
            "state": "open",
            "may_buy": [kind.value for kind in new.may_buy],
            "most_per_purchase_pence": new.most_per_purchase_pence,
            "second_signature_above_pence": new.second_signature_above_pence,
            "most_per_case_pence": new.most_per_case_pence,
            "total_pence": new.total_pence,
            "allocated_pence": 0,
            "opened_at": request.at,
        },
    )
    return stream


def all_streams(session: ReadSession) -> list[Stream]:
    rows = session.execute(select(*_STREAM).order_by(BudgetStream.opened_at, BudgetStream.id))
    return [Stream(*row) for row in rows]


def find(session: ReadSession, stream: str) -> Stream | None:
    row = session.execute(select(*_STREAM).where(BudgetStream.id == stream)).one_or_none()
    return None if row is None else Stream(*row)


def set_state(session: WriteSession, stream: str, state: str) -> None:
    session.execute(update(BudgetStream).where(BudgetStream.id == stream).values(state=state))


def allocate(session: WriteSession, stream: str, pence: int) -> bool:
    """Take this much of what a stream has left; false, and nothing taken, where it has less. One statement:
    of two at once the second looks at what the first left."""
    left = BudgetStream.total_pence - BudgetStream.allocated_pence
    taken = session.execute(
        update(BudgetStream)
        .where(BudgetStream.id == stream, BudgetStream.state == "open", left >= pence)
        .values(allocated_pence=BudgetStream.allocated_pence + pence)
        .returning(BudgetStream.id)
    )
    return bool(taken.all())


def put_back(session: WriteSession, stream: str, pence: int) -> None:
    session.execute(
        update(BudgetStream)
        .where(BudgetStream.id == stream)
        .values(allocated_pence=BudgetStream.allocated_pence - pence)
    )
