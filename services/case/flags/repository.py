"""SQL about which flags stand."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from services.case.cases.tables import Case
from services.case.flags.tables import Flag
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest


def add_flag(
    session: WriteSession, request: WriteRequest, case: str, entry_id: str, expires_on: date
) -> None:
    session.execute(
        insert(Flag),
        {
            "entry_id": entry_id,
            "case_id": case,
            "agency": request.caller.agency,
            "raised_by": request.caller.at_work,
            "expires_on": expires_on,
            "ended_at": None,
        },
    )


def find_flag(session: WriteSession, case: str, entry_id: str) -> Any | None:
    """A flag of a case, locked until this transaction ends."""
    return session.execute(
        select(Flag.agency, Flag.expires_on, Flag.ended_at)
        .where(Flag.entry_id == entry_id, Flag.case_id == case)
        .with_for_update()
    ).one_or_none()


def end_flag(session: WriteSession, entry_id: str, at: datetime) -> None:
    session.execute(update(Flag).where(Flag.entry_id == entry_id).values(ended_at=at))


def expiring(session: ReadSession, today: date, days: int) -> Sequence[Any]:
    """Flags in open cases that stand now and will not in so many days."""
    return session.execute(
        select(Flag.entry_id, Flag.case_id, Flag.agency, Flag.raised_by, Flag.expires_on)
        .join(Case, Case.id == Flag.case_id)
        .where(
            Case.state == "open",
            Flag.ended_at.is_(None),
            Flag.expires_on > today,
            Flag.expires_on <= today + timedelta(days=days),
        )
        .order_by(Flag.expires_on, Flag.entry_id)
    ).all()
