"""SQL for agencies and suspensions."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from services.consent.agencies.tables import Agency, Suspension
from shared.database import ReadSession


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
