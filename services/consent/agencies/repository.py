"""SQL for agencies and suspensions.

The statements of the hot path stand ready at the top and select columns of tables: building them anew for
each decision cost more than running them (measured).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, or_, select

from services.consent.agencies.tables import Agency, Suspension
from services.consent.base import Base
from shared.database import ReadSession, WriteSession, among, insert_unless_there
from shared.identity import Caller

_agency, _suspension = Agency.__table__.c, Suspension.__table__.c
_NAMED = select(_agency.code, _agency.name, _agency.kind, _agency.telephone).where(
    among(_agency.code, "codes")
)
_in_force = _suspension.lifted_at.is_(None)
_IS_SUSPENDED = (
    exists()
    .where(
        or_(_suspension.user == bindparam("user"), _suspension.user == bindparam("on_behalf_of")),
        or_(_suspension.agency.is_(None), _suspension.agency == bindparam("acting_for")),
        _in_force,
    )
    .label("user_is_suspended")
)
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


def agency_names(session: ReadSession, codes: Iterable[str]) -> list[str]:
    """What these agencies are called, in the order of their codes."""
    return [row.name for row in sorted(agencies_named(session, codes), key=lambda row: row.code)]


def agencies_named_for(session: ReadSession, caller: Caller, codes: Iterable[str]) -> Sequence[Any]:
    """These agencies, each with ``user_is_suspended``: one question, not two.

    It is about the caller, acting for their agency, and about whomever a system acts for.
    """
    asked = {
        "codes": sorted(codes),
        "user": caller.user,
        "on_behalf_of": caller.on_behalf_of or caller.user,
        "acting_for": caller.agency,
    }
    return session.connection().execute(_NAMED_FOR_USER, asked).all()


def suspended_among(session: ReadSession, users: Iterable[str]) -> set[tuple[str, str | None]]:
    """The suspensions of ``users``: each with the agency for which they may not act, or None for any."""
    statement = select(_suspension.user, _suspension.agency).where(
        _in_force, among(_suspension.user, "users")
    )
    return {(row.user, row.agency) for row in session.execute(statement, {"users": sorted(users)})}


def add_agency(
    session: WriteSession, *, code: str, name: str, kind: str, telephone: str | None, joined_at: datetime
) -> bool:
    """Store an agency; false when the code is taken, also by somebody who takes it at this moment."""
    row = {"code": code, "name": name, "kind": kind, "telephone": telephone, "joined_at": joined_at}
    return _insert_unless_there(session, Agency, row)


def add_suspension(session: WriteSession, **columns: Any) -> None:
    """Store a suspension; ``columns`` are those of the table."""
    session.add(Suspension(**columns))


def suspensions_in_force(session: WriteSession, user: str, agency: str | None) -> Sequence[Suspension]:
    """What stops a user for exactly this agency, or (None) for every one; locked."""
    of_agency = _suspension.agency.is_(None) if agency is None else _suspension.agency == agency
    statement = select(Suspension).where(_suspension.user == user, of_agency, _in_force)
    return session.execute(statement.with_for_update()).scalars().all()


def suspensions_by(session: ReadSession, agency: str | None) -> Sequence[Any]:
    """Who is stopped now for exactly this agency, or (None) for every one, the newest first."""
    of_agency = _suspension.agency.is_(None) if agency is None else _suspension.agency == agency
    columns = ("user", "user_name", "suspended_at", "suspended_by", "suspended_by_name", "reason")
    statement = select(*(_suspension[name] for name in columns)).where(of_agency, _in_force)
    return session.execute(statement.order_by(_suspension.suspended_at.desc(), _suspension.id)).all()


def _insert_unless_there(session: WriteSession, table: type[Base], row: dict[str, Any]) -> bool:
    statement = insert_unless_there(session, table).values(row)
    # Of an INSERT, SQLAlchemy otherwise keeps no count on PostgreSQL.
    done = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return done.rowcount == 1
