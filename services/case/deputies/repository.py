"""All SQL about who stands in for a lead."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.case.deputies.lifecycle import DEPUTY, Window
from services.case.deputies.tables import Deputy
from services.case.notices.repository import clear
from services.case.team.tables import Membership
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest
from shared.ids import new_id


def add_deputy(session: WriteSession, case: str, member: str, leadership: str, window: Window) -> str:
    deputy = new_id()
    session.execute(
        insert(Deputy),
        {
            "id": deputy,
            "case_id": case,
            "member_id": member,
            "leadership_id": leadership,
            "since": window.since,
            "until": window.until,
            "ended_at": None,
            "ended_reason": None,
        },
    )
    return deputy


def windows_of(session: ReadSession, case: str) -> list[Window]:
    """The days for which somebody stands in, or will."""
    rows = session.execute(
        select(Deputy.since, Deputy.until).where(Deputy.case_id == case, Deputy.ended_at.is_(None))
    )
    return [Window(*row) for row in rows]


def find(session: ReadSession, case: str, deputy: str) -> Any | None:
    return session.execute(
        select(Deputy.id, Deputy.ended_reason).where(Deputy.id == deputy, Deputy.case_id == case)
    ).one_or_none()


def end(session: WriteSession, request: WriteRequest, deputy: str, reason: str) -> None:
    session.execute(
        update(Deputy).where(Deputy.id == deputy).values(ended_at=request.at, ended_reason=reason)
    )


def end_all(
    session: WriteSession, case: str, at: datetime, event: str, member: str | None = None
) -> list[str]:
    """End whoever stands in, or will: in a case, or of one member there; the ids."""
    whose = [] if member is None else [Deputy.member_id == member]
    ended = session.scalars(
        update(Deputy)
        .where(Deputy.case_id == case, Deputy.ended_at.is_(None), *whose)
        .values(ended_at=at, ended_reason=DEPUTY.after(DEPUTY.initial, event))
        .returning(Deputy.id)
    ).all()
    for deputy in ended:
        clear(session, deputy, at)
    return list(ended)


def deputies_of(session: ReadSession, case: str) -> list[dict[str, Any]]:
    """Everybody who stood in for a lead of this case or will, in order of their days."""
    rows = session.execute(
        select(
            Deputy.id, Membership.user, Membership.name, Membership.agency, Membership.job_title,
            Membership.telephone, Deputy.since, Deputy.until, Deputy.ended_at,
        )
        .join(Membership, Membership.id == Deputy.member_id)
        .where(Deputy.case_id == case)
        .order_by(Deputy.since, Deputy.until, Deputy.id)
    )  # fmt: skip
    return [
        {
            **row._asdict(),
            "since": row.since.isoformat(),
            "until": row.until.isoformat(),
            "ended_at": None if row.ended_at is None else rfc3339(row.ended_at),
        }
        for row in rows
    ]
