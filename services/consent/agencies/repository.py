"""SQL for agencies and suspensions.

The statements of the hot path stand ready at the top and select columns of tables: building them anew for
each decision cost more than running them (measured).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from services.consent.agencies.tables import Agency, Suspension
from services.consent.base import Base
from shared.database import ReadSession, WriteSession, among

_agency, _suspension = Agency.__table__.c, Suspension.__table__.c
_NAMED = select(_agency.code, _agency.name, _agency.kind, _agency.telephone).where(
    among(_agency.code, "codes")
)
_IS_SUSPENDED = exists().where(_suspension.user == bindparam("user")).label("user_is_suspended")
_NAMED_FOR_USER = _NAMED.add_columns(_IS_SUSPENDED)


def all_agencies(session: ReadSession) -> Sequence[Any]:
    columns = (Agency.code, Agency.name, Agency.kind, Agency.telephone, Agency.joined_at)
    return session.execute(select(*columns).order_by(Agency.code)).all()


def agencies_named(session: ReadSession, codes: Iterable[str]) -> Sequence[Any]:
    return session.connection().execute(_NAMED, {"codes": sorted(codes)}).all()


def unknown_agencies(session: ReadSession, codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that no agency has."""
    known = {row.code for row in agencies_named(session, codes)}
    return sorted(set(codes) - known)


def agencies_named_for(session: ReadSession, user: str, codes: Iterable[str]) -> Sequence[Any]:
    """These agencies, each with ``user_is_suspended``: one question instead of two."""
    asked = {"codes": sorted(codes), "user": user}
    return session.connection().execute(_NAMED_FOR_USER, asked).all()


def add_agency(
    session: WriteSession, *, code: str, name: str, kind: str, telephone: str | None, joined_at: datetime
) -> bool:
    """Store an agency; false when the code is taken, also by somebody who takes it at this moment."""
    row = {"code": code, "name": name, "kind": kind, "telephone": telephone, "joined_at": joined_at}
    return _insert_unless_there(session, Agency, row)


def add_suspension(session: WriteSession, *, user: str, at: datetime, by: str, reason: str) -> None:
    """Store a suspension, unless the user is suspended already; the first one's reason stands."""
    row = {"user": user, "suspended_at": at, "suspended_by": by, "reason": reason}
    _insert_unless_there(session, Suspension, row)


def _insert_unless_there(session: WriteSession, table: type[Base], row: dict[str, Any]) -> bool:
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(row).on_conflict_do_nothing()
    # Of an INSERT, SQLAlchemy otherwise keeps no count on PostgreSQL.
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1
