"""SQL for consents."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update

from services.consent.consents.tables import Consent
from shared.database import ReadSession, WriteSession, among

_table = Consent.__table__.c
_SCOPE = (
    _table.id,
    _table.kind,
    _table.case_id,
    _table.subject,
    _table.giver,
    _table.capacity,
    _table.competence,
    _table.authority,
    _table.answer,
    _table.recipients,
    _table.categories,
    _table.level,
    _table.purposes,
    _table.valid_from,
    _table.valid_until,
    _table.withdrawn_at,
    _table.recorded_at,
    _table.sharing_request,
    _table.owner,
)
_ABOUT = select(*_SCOPE).where(among(_table.subject, "subjects"))
_OF_CASES = select(*_SCOPE).where(among(_table.case_id, "cases"))
_EVERYTHING = (
    *_SCOPE,
    _table.explained,
    _table.evidence,
    _table.wording_version,
    _table.privacy_notice,
    _table.recorded_by,
    _table.recorded_by_agency,
    _table.withdrawn_by,
)


def consents_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    """Every answer about these persons, of either kind, withdrawn or not."""
    return session.connection().execute(_ABOUT, {"subjects": subjects}).all()


def consents_of_cases(session: ReadSession, cases: Collection[str]) -> Sequence[Any]:
    """Every answer recorded in these cases, about whomever."""
    return session.connection().execute(_OF_CASES, {"cases": cases}).all()


def consents_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_EVERYTHING).where(Consent.case_id == case).order_by(Consent.recorded_at, Consent.id)
    return session.execute(statement).all()


def consents_for_requests(session: ReadSession, requests: Collection[str]) -> Sequence[Any]:
    """Every answer to one of these sharing requests, withdrawn or not, oldest first."""
    statement = select(*_EVERYTHING).where(Consent.sharing_request.in_(list(requests)))
    return session.execute(statement.order_by(Consent.recorded_at, Consent.id)).all()


def answer_request(session: WriteSession, consent: str, request: str, owner: str) -> None:
    """Say of a consent that it was given in answer to a sharing request, about what this owner holds."""
    session.flush()
    named = update(Consent).where(Consent.id == consent)
    session.execute(named.values(sharing_request=request, owner=owner))


def consent_to_withdraw(session: WriteSession, case: str, consent: str) -> Consent | None:
    statement = select(Consent).where(Consent.id == consent, Consent.case_id == case).with_for_update()
    return session.execute(statement).scalar_one_or_none()


def add_consent(session: WriteSession, **columns: Any) -> None:
    """Store an answer; ``columns`` are those of the table."""
    session.add(Consent(**columns))
