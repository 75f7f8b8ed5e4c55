"""SQL for exclusions."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from services.consent.exclusions.tables import Exclusion
from shared.database import ReadSession, WriteSession, among

_table = Exclusion.__table__.c
_SCOPE = (
    _table.id,
    _table.subject,
    _table.agencies,
    _table.users,
    _table.categories,
    _table.purposes,
    _table.valid_from,
    _table.valid_until,
    _table.lifted_at,
    _table.recorded_at,
)
EXCLUSIONS_ABOUT = select(*_SCOPE).where(among(_table.subject, "subjects"))
_EVERYTHING = (
    *_SCOPE,
    _table.giver,
    _table.recorded_by,
    _table.recorded_by_agency,
)


def exclusions_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    return session.connection().execute(EXCLUSIONS_ABOUT, {"subjects": subjects}).all()


def exclusions_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_EVERYTHING).where(Exclusion.case_id == case)
    return session.execute(statement.order_by(Exclusion.recorded_at, Exclusion.id)).all()


def exclusion_to_lift(session: WriteSession, case: str, exclusion: str) -> Exclusion | None:
    statement = select(Exclusion).where(Exclusion.id == exclusion, Exclusion.case_id == case)
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def add_exclusion(session: WriteSession, **columns: Any) -> None:
    """Store an exclusion; ``columns`` are those of the table."""
    session.add(Exclusion(**columns))
