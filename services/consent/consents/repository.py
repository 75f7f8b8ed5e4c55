"""SQL for consents."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update

from services.consent.consents.tables import Consent, SpokenWithdrawal
from shared.database import ReadSession, WriteSession, among
from shared.vocabulary import Answer

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
    _table.under,
    _table.incapacity,
    _table.say_limited,
    _table.set_aside,
    _table.continues,
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
    _table.best_interests,
    _table.may_tip_off,
)


def consents_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    """Every answer about these persons, of either kind, withdrawn or not."""
    return session.connection().execute(_ABOUT, {"subjects": subjects}).all()


def consents_of_cases(session: ReadSession, cases: Collection[str]) -> Sequence[Any]:
    """Every answer recorded in these cases, about whomever."""
    return session.connection().execute(_OF_CASES, {"cases": cases}).all()


def consents_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    return whole_consents(session, [case])


def whole_consents(session: ReadSession, cases: Collection[str]) -> Sequence[Any]:
    """Every answer recorded in these cases with all that is shown of it, oldest first."""
    statement = select(*_EVERYTHING).where(Consent.case_id.in_(cases))
    return session.execute(statement.order_by(Consent.recorded_at, Consent.id)).all()


def consent_by_id(session: ReadSession, case: str, consent: str) -> Any | None:
    statement = select(*_EVERYTHING).where(Consent.id == consent, Consent.case_id == case)
    return session.execute(statement).one_or_none()


def permissions_to_withdraw(session: WriteSession, subject: str, kind: str) -> Sequence[Consent]:
    """Every yes of a kind about a person that nobody has taken back, wherever it was recorded."""
    statement = select(Consent).where(
        Consent.subject == subject,
        Consent.kind == kind,
        Consent.answer == Answer.GIVEN.value,
        Consent.withdrawn_at.is_(None),
    )
    return session.execute(statement.order_by(Consent.id).with_for_update()).scalars().all()


def columns_of(consent: Consent) -> dict[str, Any]:
    """An answer's columns by name, from which what is left of it can be stored anew."""
    return {column.key: getattr(consent, column.key) for column in _table}


def limit_say(session: WriteSession, subject: str, giver: str) -> None:
    """Note on every answer of this giver about this person that a court order about them is recorded."""
    statement = update(Consent).where(Consent.subject == subject, Consent.giver == giver)
    session.execute(statement.values(say_limited=True))


def add_spoken_withdrawal(session: WriteSession, **columns: Any) -> None:
    """Store what was heard; ``columns`` are those of the table."""
    session.add(SpokenWithdrawal(**columns))


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
