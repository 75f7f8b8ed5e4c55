"""SQL for consents."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from services.consent.consents.tables import Consent
from shared.database import ReadSession, WriteSession
from shared.vocabulary import ConsentKind

_SCOPE = (
    Consent.id,
    Consent.kind,
    Consent.case_id,
    Consent.subject,
    Consent.giver,
    Consent.capacity,
    Consent.competence,
    Consent.authority,
    Consent.answer,
    Consent.recipients,
    Consent.categories,
    Consent.level,
    Consent.purposes,
    Consent.valid_from,
    Consent.valid_until,
    Consent.withdrawn_at,
)
_EVERYTHING = (
    *_SCOPE,
    Consent.explained,
    Consent.evidence,
    Consent.wording_version,
    Consent.privacy_notice,
    Consent.recorded_at,
    Consent.recorded_by,
    Consent.recorded_by_agency,
    Consent.withdrawn_by,
)


def consents_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    """Every answer about these persons, of either kind, withdrawn or not."""
    return session.execute(select(*_SCOPE).where(Consent.subject.in_(subjects))).all()


def consents_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_EVERYTHING).where(Consent.case_id == case).order_by(Consent.recorded_at, Consent.id)
    return session.execute(statement).all()


def consent_to_withdraw(session: WriteSession, case: str, consent: str) -> Consent | None:
    statement = select(Consent).where(Consent.id == consent, Consent.case_id == case).with_for_update()
    return session.execute(statement).scalar_one_or_none()


def taking_part_answers(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_SCOPE).where(Consent.case_id == case, Consent.kind == ConsentKind.TAKE_PART.value)
    return session.execute(statement).all()


def add_consent(session: WriteSession, **columns: Any) -> None:
    """Store an answer; ``columns`` are those of the table."""
    session.add(Consent(**columns))
