"""SQL for authorities."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from services.consent.authorities.tables import Authority
from shared.database import ReadSession, WriteSession, among

_table = Authority.__table__.c
_SCOPE = (
    _table.id,
    _table.kind,
    _table.effect,
    _table.subject,
    _table.holder,
    _table.holder_agency,
    _table.covers,
    _table.valid_from,
    _table.valid_until,
    _table.recorded_at,
    _table.ended_at,
)
_ABOUT = select(*_SCOPE).where(among(_table.subject, "subjects"))


def authorities_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    """Every authority over these persons, whatever it does, over or not."""
    return session.connection().execute(_ABOUT, {"subjects": subjects}).all()


def authorities_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    columns = (*_SCOPE, _table.document, _table.verified_by, _table.recorded_by, _table.recorded_by_agency)
    statement = select(*columns).where(Authority.case_id == case)
    return session.execute(statement.order_by(Authority.recorded_at, Authority.id)).all()


def authority_to_end(session: WriteSession, case: str, authority: str) -> Authority | None:
    statement = select(Authority).where(Authority.id == authority, Authority.case_id == case)
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def add_authority(session: WriteSession, **columns: Any) -> None:
    """Store an authority; ``columns`` are those of the table."""
    session.add(Authority(**columns))
