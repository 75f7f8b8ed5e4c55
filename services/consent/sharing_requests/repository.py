"""SQL for sharing requests."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, or_, select

from services.consent.sharing_requests.tables import SharingRequest
from shared.database import ReadSession, WriteSession

_COLUMNS = tuple(SharingRequest.__table__.c)
_IN_ORDER = (SharingRequest.asked_at, SharingRequest.id)


def add_request(session: WriteSession, **columns: Any) -> None:
    """Store a request; ``columns`` are those of the table."""
    session.add(SharingRequest(**columns))


def find_request(session: ReadSession, id: str) -> Any | None:
    return session.execute(select(*_COLUMNS).where(SharingRequest.id == id)).one_or_none()


def request_to_answer(session: WriteSession, id: str) -> SharingRequest:
    """A request that is known to be there, locked until the transaction ends."""
    return session.execute(
        select(SharingRequest).where(SharingRequest.id == id).with_for_update()
    ).scalar_one()


def requests_by_id(session: ReadSession, ids: Collection[str]) -> Sequence[Any]:
    return session.execute(select(*_COLUMNS).where(SharingRequest.id.in_(list(ids)))).all()


def requests_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_COLUMNS).where(SharingRequest.case_id == case)
    return session.execute(statement.order_by(*_IN_ORDER)).all()


def requests_of_agency(session: ReadSession, agency: str) -> Sequence[Any]:
    """What an agency asked, and what was asked of it."""
    of_owner = and_(SharingRequest.owner == agency, SharingRequest.reaches_owner.is_(True))
    statement = select(*_COLUMNS).where(or_(SharingRequest.agency == agency, of_owner))
    return session.execute(statement.order_by(*_IN_ORDER)).all()
