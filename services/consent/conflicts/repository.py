"""SQL for conflicts, and for the answers that may be in one."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import or_, select

from services.consent.conflicts.tables import Conflict
from services.consent.consents.tables import Consent
from services.consent.exclusions.tables import Exclusion
from shared.database import ReadSession, WriteSession

_ANSWER = (
    Consent.id, Consent.case_id, Consent.kind, Consent.subject, Consent.giver, Consent.capacity,
    Consent.answer, Consent.recipients, Consent.purposes, Consent.categories, Consent.valid_until,
    Consent.withdrawn_at, Consent.recorded_by_agency, Consent.owner,
)  # fmt: skip
_EXCLUSION = (
    Exclusion.id, Exclusion.case_id, Exclusion.subject, Exclusion.giver, Exclusion.agencies,
    Exclusion.purposes, Exclusion.categories, Exclusion.valid_until, Exclusion.lifted_at,
    Exclusion.recorded_by_agency,
)  # fmt: skip


def answers_about(session: ReadSession, subject: str) -> Sequence[Any]:
    """The answers about a person that nobody has taken back."""
    statement = select(*_ANSWER).where(Consent.subject == subject, Consent.withdrawn_at.is_(None))
    return session.execute(statement.order_by(Consent.recorded_at, Consent.id)).all()


def exclusions_of(session: ReadSession, subject: str) -> Sequence[Any]:
    """The exclusions about a person that nobody has lifted."""
    statement = select(*_EXCLUSION).where(Exclusion.subject == subject, Exclusion.lifted_at.is_(None))
    return session.execute(statement.order_by(Exclusion.recorded_at, Exclusion.id)).all()


def standing_among(session: ReadSession, answers: Sequence[str], exclusions: Sequence[str]) -> dict[str, Any]:
    """Of these answers and exclusions, those that nobody has taken back, by id, with their end."""
    given = select(Consent.id, Consent.valid_until).where(
        Consent.id.in_(answers), Consent.withdrawn_at.is_(None)
    )
    excluded = select(Exclusion.id, Exclusion.valid_until).where(
        Exclusion.id.in_(exclusions), Exclusion.lifted_at.is_(None)
    )
    return {row.id: row.valid_until for query in (given, excluded) for row in session.execute(query)}


def add_conflict(session: WriteSession, **columns: Any) -> None:
    """Store a conflict; ``columns`` are those of the table."""
    session.add(Conflict(**columns))


def conflicts_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*Conflict.__table__.c).where(
        or_(Conflict.case_id == case, Conflict.other_case == case)
    )
    return session.execute(statement.order_by(Conflict.arose_at, Conflict.id)).all()


def conflicts_by_id(session: ReadSession, ids: Collection[str]) -> Sequence[Any]:
    return session.execute(select(*Conflict.__table__.c).where(Conflict.id.in_(ids))).all()


def conflict_to_decide(session: WriteSession, case: str, conflict: str) -> Conflict | None:
    statement = select(Conflict).where(
        Conflict.id == conflict, or_(Conflict.case_id == case, Conflict.other_case == case)
    )
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def owners_of(session: ReadSession, answers: Collection[str]) -> dict[str, str | None]:
    """Of each answer the agency about whose information alone it is; None where it is about everybody's."""
    found = select(Consent.id, Consent.owner).where(Consent.id.in_(answers))
    return {row.id: row.owner for row in session.execute(found)}


def answer_of(session: WriteSession, answer: str) -> Consent:
    return session.execute(select(Consent).where(Consent.id == answer).with_for_update()).scalar_one()
