"""SQL for releases."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.consent.releases.tables import Release
from shared.database import ReadSession, WriteSession, among

_table = Release.__table__.c
_SCOPE = (
    _table.id,
    _table.sharing_request,
    _table.owner,
    _table.recipient,
    _table.purpose,
    _table.subject,
    _table.categories,
    _table.level,
    _table.valid_until,
    _table.recorded_at,
    _table.ended_at,
)
RELEASES_ABOUT = select(*_SCOPE).where(among(_table.subject, "subjects"))
_EVERYTHING = (*_SCOPE, _table.reason, _table.recorded_by, _table.ending_reason)


def releases_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    """Every release about these persons, ended or not."""
    return session.connection().execute(RELEASES_ABOUT, {"subjects": subjects}).all()


def releases_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_EVERYTHING).where(Release.case_id == case)
    return session.execute(statement.order_by(Release.recorded_at, Release.id)).all()


def releases_for_requests(session: ReadSession, requests: Collection[str]) -> Sequence[Any]:
    """Every release that answers one of these sharing requests, ended or not, oldest first."""
    statement = select(*_SCOPE).where(Release.sharing_request.in_(list(requests)))
    return session.execute(statement.order_by(Release.recorded_at, Release.id)).all()


def release_to_end(session: WriteSession, case: str, release: str) -> Release | None:
    statement = select(Release).where(Release.id == release, Release.case_id == case)
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def releases_in_force_for(session: WriteSession, request: str, at: datetime) -> Sequence[Release]:
    """The releases that answer a request and have not ended, to be ended."""
    statement = select(Release).where(
        Release.sharing_request == request, Release.ended_at.is_(None), Release.valid_until > at
    )
    return session.execute(statement.with_for_update()).scalars().all()


def add_release(session: WriteSession, **columns: Any) -> None:
    """Store a release; ``columns`` are those of the table."""
    session.add(Release(**columns))
