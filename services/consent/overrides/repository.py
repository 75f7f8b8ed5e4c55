"""SQL for overrides."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, not_, or_, select

from services.consent.overrides.tables import Override, OverrideOfUser
from shared.database import ReadSession, WriteSession, among
from shared.vocabulary import OverrideKind

_table = Override.__table__.c
_SCOPE = (
    _table.id,
    _table.case_id,
    _table.kind,
    _table.agencies,
    _table.users,
    _table.subjects,
    _table.categories,
    _table.level,
    _table.purposes,
    _table.valid_until,
    _table.confirm_by,
    _table.confirmed_at,
    _table.ended_at,
    _table.recorded_at,
    _table.recorded_by_agency,
    _table.told_from,
)
OVERRIDES_OF_CASES = select(*_SCOPE).where(among(_table.case_id, "cases"))


def overrides_of_cases(session: ReadSession, cases: Collection[str]) -> Sequence[Any]:
    """Every override recorded for these cases, of either kind, over or not."""
    return session.connection().execute(OVERRIDES_OF_CASES, {"cases": cases}).all()


def statutory_overrides_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(Override.__table__).where(
        Override.case_id == case, Override.kind == OverrideKind.STATUTORY
    )
    return session.execute(statement.order_by(Override.recorded_at, Override.id)).all()


def untold_among(session: ReadSession, overrides: Collection[str], at: datetime) -> set[str]:
    """Of these overrides the ones of which the family is not told yet; one that is not known is one."""
    told = select(Override.id).where(Override.id.in_(overrides), Override.told_from <= at)
    return set(overrides).difference(session.scalars(told)) if overrides else set()


def override_to_change(session: WriteSession, case: str, override: str) -> Override | None:
    """A statutory override, locked until the transaction ends."""
    statement = select(Override).where(
        Override.id == override, Override.case_id == case, Override.kind == OverrideKind.STATUTORY
    )
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def has_unconfirmed(session: ReadSession, case: str, agency: str) -> bool:
    """Whether an agency opened this case on a lead's own word, and nobody else has looked at that yet.

    One that has lapsed counts, and one that its recorder ended herself; not one that somebody else ended.
    """
    unseen = or_(Override.ended_by.is_(None), Override.ended_by == Override.recorded_by)
    statement = select(Override.id).where(
        Override.case_id == case,
        Override.kind == OverrideKind.STATUTORY,
        Override.recorded_by_agency == agency,
        Override.confirm_by.is_not(None),
        Override.confirmed_at.is_(None),
        unseen,
    )
    return session.execute(statement.limit(1)).first() is not None


def add_override(session: WriteSession, *, listed_for: Iterable[str], **columns: Any) -> None:
    """Store an override; ``columns`` are those of the table, ``listed_for`` whose own it is."""
    connection = session.connection()
    connection.execute(insert(Override), columns)
    rows = [{"user": user, "override": columns["id"]} for user in sorted(set(listed_for))]
    if rows:
        connection.execute(insert(OverrideOfUser), rows)


def own_cases(session: ReadSession, user: str, agency: str, at: datetime) -> list[str]:
    """The cases that overrides in force put on a user's own list while acting for this agency."""
    in_force = and_(
        Override.valid_until > at,
        or_(Override.ended_at.is_(None), Override.ended_at > at),
        or_(Override.confirm_by.is_(None), Override.confirmed_at.is_not(None), Override.confirm_by > at),
    )
    officers = and_(Override.kind == OverrideKind.STATUTORY, Override.confirm_by.is_(None))
    for_agency = or_(
        and_(officers, Override.confirmed_at.is_not(None)),
        and_(not_(officers), Override.recorded_by_agency == agency),
    )
    statement = (
        select(Override.case_id)
        .distinct()
        .join(OverrideOfUser, OverrideOfUser.override == Override.id)
        .where(OverrideOfUser.user == user, in_force, for_agency)
    )
    return sorted(session.scalars(statement))
