"""SQL for alerts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, or_, select, update

from services.consent.alerts.alert import NewAlert
from services.consent.alerts.in_charge import TO_LEAD, TO_PARTNERSHIP
from services.consent.alerts.tables import Alert
from shared.database import ReadSession, WriteSession, earlier_than
from shared.ids import new_id


def add_alerts(session: WriteSession, alerts: Iterable[NewAlert]) -> None:
    rows = [
        {
            "id": new_id(),
            "case_id": alert.case,
            "about": alert.about,
            "kind": alert.kind,
            "agency": alert.agency,
            "role": alert.role,
            "user": alert.user,
            "subjects": sorted(alert.subjects),
            "not_for": sorted(alert.not_for),
            "shows_from": alert.shows_from,
            "called_off_at": None,
        }
        for alert in alerts
    ]
    if rows:
        session.connection().execute(insert(Alert), rows)


def call_off(session: WriteSession, about: str, kind: str, at: datetime) -> None:
    """Take back what was not shown yet."""
    unseen = (Alert.about == about, Alert.kind == kind, Alert.shows_from > at)
    session.execute(update(Alert).where(*unseen, Alert.called_off_at.is_(None)).values(called_off_at=at))


def clear(session: WriteSession, about: str, at: datetime) -> None:
    """What all these alerts asked for has been done: nobody is shown them any more."""
    theirs = (Alert.about == about, Alert.called_off_at.is_(None))
    session.execute(update(Alert).where(*theirs).values(called_off_at=at))


def alerts_for(
    session: ReadSession,
    *,
    user: str,
    role: str,
    agency: str,
    leads: Collection[str],
    case: str | None,
    for_partnership: bool,
    at: datetime,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Any]:
    """What is addressed to this user or role, or to the lead of these cases, newest first, from after
    (moment, id) on. ``case``: in that one alone."""
    by_name = and_(
        or_(Alert.agency == agency, Alert.agency.is_(None)),
        or_(Alert.role == role, and_(Alert.role.is_(None), Alert.user == user)),
        or_(Alert.user == user, Alert.user.is_(None)),
    )
    by_office = [and_(Alert.role == TO_LEAD, Alert.case_id.in_(leads))] if leads else []
    if for_partnership:
        by_office.append(Alert.role == TO_PARTNERSHIP)
    addressed = or_(by_name, *by_office)
    statement = select(Alert.__table__).where(
        addressed,
        Alert.shows_from <= at,
        Alert.called_off_at.is_(None),
        earlier_than((Alert.shows_from, Alert.id), after),
    )
    if case is not None:
        statement = statement.where(Alert.case_id == case)
    return session.execute(statement.order_by(Alert.shows_from.desc(), Alert.id.desc()).limit(limit)).all()
