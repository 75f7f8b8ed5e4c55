"""SQL about small concerns."""

from datetime import date, datetime

from sqlalchemy import distinct, func, insert, select, true

from services.case.small_concerns.tables import SmallConcern
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest


def add_small_concern(
    session: WriteSession, request: WriteRequest, person: str, entry_id: str, noticed_on: date
) -> None:
    session.execute(
        insert(SmallConcern),
        {
            "entry_id": entry_id,
            "person_id": person,
            "agency": request.caller.agency,
            "noticed_on": noticed_on,
            "recorded_at": request.at,
        },
    )


def agencies_concerned(session: ReadSession, person: str, since: date, after: datetime | None) -> int:
    """How many agencies noticed something small about a person from a day on, and wrote it down after a
    moment."""
    return session.execute(
        select(func.count(distinct(SmallConcern.agency))).where(
            SmallConcern.person_id == person,
            SmallConcern.noticed_on >= since,
            true() if after is None else SmallConcern.recorded_at > after,
        )
    ).scalar_one()
