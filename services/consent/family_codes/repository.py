"""SQL for the family's codes and visits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from services.consent.agencies.tables import Agency
from services.consent.exclusions.tables import Exclusion
from services.consent.family_codes.tables import FamilyCode
from shared.database import ReadSession, WriteSession
from shared.vocabulary import AgencyKind


def family_agency(session: ReadSession) -> str | None:
    """The code of the agency for which members of families act, if the partnership has one."""
    statement = select(Agency.code).where(Agency.kind == AgencyKind.FAMILY.value).order_by(Agency.code)
    return session.execute(statement.limit(1)).scalar_one_or_none()


def add_code(session: WriteSession, **columns: Any) -> None:
    """Store a code; ``columns`` are those of the table."""
    session.add(FamilyCode(**columns))


def is_known(session: ReadSession, id: str, code: str) -> bool:
    """Whether a code with this id or this digest was ever made."""
    same = select(FamilyCode.id).where(or_(FamilyCode.id == id, FamilyCode.code == code))
    return session.execute(same.limit(1)).scalar_one_or_none() is not None


def end_codes_of(session: WriteSession, case: str, person: str, at: datetime) -> None:
    """End every code and visit of this person in this case that has not ended."""
    mine = (FamilyCode.case_id == case, FamilyCode.person == person, FamilyCode.ended_at.is_(None))
    session.execute(update(FamilyCode).where(*mine).values(ended_at=at))


def by_code(session: ReadSession, digest: str) -> FamilyCode | None:
    return session.execute(select(FamilyCode).where(FamilyCode.code == digest)).scalar_one_or_none()


def by_visit(session: ReadSession, digest: str) -> FamilyCode | None:
    return session.execute(select(FamilyCode).where(FamilyCode.visit == digest)).scalar_one_or_none()


def to_redeem(session: WriteSession, code: str) -> FamilyCode | None:
    """A code by its id, locked."""
    statement = select(FamilyCode).where(FamilyCode.id == code)
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def exclusions_of_users(session: ReadSession, people: Sequence[str]) -> Sequence[Any]:
    """What anybody said about these people that names somebody: id, giver, users, window and end."""
    columns = (
        Exclusion.id,
        Exclusion.giver,
        Exclusion.users,
        Exclusion.valid_until,
        Exclusion.lifted_at,
    )
    return session.execute(select(*columns).where(Exclusion.subject.in_(people))).all()
