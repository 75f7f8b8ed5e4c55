"""SQL for agencies and suspensions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.consent.agencies.tables import Agency, Suspension
from shared.database import ReadSession, WriteSession


def all_agencies(session: ReadSession) -> Sequence[Any]:
    columns = (Agency.code, Agency.name, Agency.kind, Agency.telephone, Agency.joined_at)
    return session.execute(select(*columns).order_by(Agency.code)).all()


def agencies_named(session: ReadSession, codes: Iterable[str]) -> Sequence[Any]:
    columns = (Agency.code, Agency.name, Agency.kind, Agency.telephone)
    return session.execute(select(*columns).where(Agency.code.in_(sorted(codes)))).all()


def unknown_agencies(session: ReadSession, codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that no agency has."""
    known = {row.code for row in agencies_named(session, codes)}
    return sorted(set(codes) - known)


def is_suspended(session: ReadSession, user: str) -> bool:
    return session.execute(select(Suspension.user).where(Suspension.user == user)).one_or_none() is not None


def add_agency(
    session: WriteSession, *, code: str, name: str, kind: str, telephone: str | None, joined_at: datetime
) -> None:
    session.add(Agency(code=code, name=name, kind=kind, telephone=telephone, joined_at=joined_at))


def add_suspension(session: WriteSession, *, user: str, at: datetime, by: str, reason: str) -> None:
    session.add(Suspension(user=user, suspended_at=at, suspended_by=by, reason=reason))
