"""SQL about small concerns."""

from datetime import datetime

from sqlalchemy import distinct, func, insert, select, true

from services.case.small_concerns.tables import SmallConcern
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest


def add_small_concern(session: WriteSession, request: WriteRequest, person: str, entry_id: str) -> None:
    session.execute(
        insert(SmallConcern),
        {
            "entry_id": entry_id,
            "person_id": person,
            "agency": request.caller.agency,
            "recorded_at": request.at,
        },
    )


def agencies_concerned(session: ReadSession, person: str, since: datetime, after: datetime | None) -> int:
    """How many agencies recorded a small concern about a person from a moment on, and after another."""
    return session.execute(
        select(func.count(distinct(SmallConcern.agency))).where(
            SmallConcern.person_id == person,
            SmallConcern.recorded_at >= since,
            true() if after is None else SmallConcern.recorded_at > after,
        )
    ).scalar_one()
