"""SQL about signals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from services.case.signals.lifecycle import SIGNAL
from services.case.signals.tables import OPEN, Signal
from shared.database import ReadSession, WriteSession, later_than
from shared.idempotency import WriteRequest
from shared.ids import new_id


def add_signal(session: WriteSession, person: str, at: datetime) -> None:
    session.execute(
        insert(Signal),
        {
            "id": new_id(),
            "person_id": person,
            "state": SIGNAL.initial,
            "raised_at": at,
            "taken_up_at": None,
            "taken_up_by": None,
            "closed_at": None,
            "outcome": None,
        },
    )


def has_open(session: ReadSession, person: str) -> bool:
    found = select(Signal.id).where(Signal.person_id == person, Signal.state != "closed")
    return session.execute(found).first() is not None


def last_closed(session: ReadSession, person: str) -> datetime | None:
    return session.execute(select(func.max(Signal.closed_at)).where(Signal.person_id == person)).scalar_one()


def open_signals(session: ReadSession, after: tuple[datetime, str] | None, limit: int) -> Sequence[Any]:
    """Signals that nobody has closed, oldest first: whoever has waited longest comes first."""
    return session.execute(
        select(Signal.id, Signal.person_id, Signal.state, Signal.raised_at)
        .where(OPEN, later_than((Signal.raised_at, Signal.id), after))
        .order_by(Signal.raised_at, Signal.id)
        .limit(limit)
    ).all()


def find_signal(session: ReadSession, id: str) -> Any | None:
    return session.execute(
        select(Signal.id, Signal.person_id, Signal.state).where(Signal.id == id)
    ).one_or_none()


def lock_signal(session: WriteSession, id: str) -> Any | None:
    return session.execute(
        select(Signal.id, Signal.state).where(Signal.id == id).with_for_update()
    ).one_or_none()


def take_up(session: WriteSession, request: WriteRequest, id: str, state: str) -> None:
    taken = {"state": state, "taken_up_at": request.at, "taken_up_by": request.caller.user}
    session.execute(update(Signal).where(Signal.id == id).values(**taken))


def close(session: WriteSession, request: WriteRequest, id: str, state: str, outcome: str) -> None:
    closed = {"state": state, "closed_at": request.at, "outcome": outcome}
    session.execute(update(Signal).where(Signal.id == id).values(**closed))
