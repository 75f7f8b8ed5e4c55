"""SQL for what waits for an information officer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from services.consent.agreements.tables import Agreement
from services.consent.break_glass.tables import BreakGlass
from services.consent.overrides.tables import Override
from shared.database import ReadSession
from shared.vocabulary import OverrideKind


def overrides_of_agency(session: ReadSession, agency: str, limit: int) -> Sequence[Any]:
    """Statutory overrides of an agency that nobody confirmed yet, or whose family was not told, oldest
    first."""
    table = Override.__table__
    unsettled = or_(table.c.confirmed_at.is_(None), table.c.told_from.is_(None))
    own = and_(table.c.kind == OverrideKind.STATUTORY, table.c.recorded_by_agency == agency)
    found = select(table).where(own, unsettled).order_by(table.c.recorded_at, table.c.id).limit(limit)
    return session.execute(found).all()


def unreviewed_break_glass(
    session: ReadSession, agency: str, overdue_anywhere: datetime | None, limit: int
) -> Sequence[Any]:
    """Broken glass of an agency that nobody reviewed, and of others where the review was due by then."""
    whose = BreakGlass.agency == agency
    if overdue_anywhere is not None:
        whose = or_(whose, BreakGlass.review_due <= overdue_anywhere)
    found = (
        select(BreakGlass.__table__, Override.id, Override.subjects, Override.recorded_by)
        .join(Override, Override.id == BreakGlass.override)
        .where(BreakGlass.reviewed_at.is_(None), whose)
    )
    return session.execute(found.order_by(BreakGlass.review_due, Override.id).limit(limit)).all()


def agreements_ending(session: ReadSession, agency: str, at: datetime, before: datetime) -> Sequence[Any]:
    """The agreements of an agency in force that end by themselves before then, the first to end in front."""
    party = or_(Agreement.owner == agency, Agreement.recipient == agency)
    ends = and_(Agreement.ended_at.is_(None), Agreement.valid_until > at, Agreement.valid_until <= before)
    found = select(Agreement.id, Agreement.valid_until).where(party, ends)
    return session.execute(found.order_by(Agreement.valid_until, Agreement.id)).all()
