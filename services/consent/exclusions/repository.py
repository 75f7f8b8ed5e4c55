"""SQL for exclusions."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from services.consent.exclusions.tables import Exclusion
from shared.database import ReadSession, WriteSession

_SCOPE = (
    Exclusion.id,
    Exclusion.subject,
    Exclusion.agencies,
    Exclusion.users,
    Exclusion.categories,
    Exclusion.purposes,
    Exclusion.valid_from,
    Exclusion.valid_until,
    Exclusion.lifted_at,
)
_EVERYTHING = (
    *_SCOPE,
    Exclusion.giver,
    Exclusion.recorded_at,
    Exclusion.recorded_by,
    Exclusion.recorded_by_agency,
)


def exclusions_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    return session.execute(select(*_SCOPE).where(Exclusion.subject.in_(subjects))).all()


def exclusions_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_EVERYTHING).where(Exclusion.case_id == case)
    return session.execute(statement.order_by(Exclusion.recorded_at, Exclusion.id)).all()


def exclusion_to_lift(session: WriteSession, case: str, exclusion: str) -> Exclusion | None:
    statement = select(Exclusion).where(Exclusion.id == exclusion, Exclusion.case_id == case)
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def add_exclusion(session: WriteSession, **columns: Any) -> None:
    """Store an exclusion; ``columns`` are those of the table."""
    session.add(Exclusion(**columns))
