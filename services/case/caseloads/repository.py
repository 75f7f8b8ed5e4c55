"""All SQL about how much somebody leads, and may."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from services.case.caseloads.tables import CaseloadCap
from services.case.cases.tables import Case
from services.case.lead_professional.tables import Leadership
from services.case.team.tables import Membership
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest


@dataclass(frozen=True, slots=True)
class Load:
    """What the cases that somebody leads weigh together, and the most that they may, if that is set."""

    current: int
    cap: int | None


def load_of(session: ReadSession, agency: str, user: str) -> Load:
    led = (
        select(func.coalesce(func.sum(Case.weight), 0))
        .join(Leadership, Leadership.case_id == Case.id)
        .join(Membership, Membership.id == Leadership.member_id)
        .where(
            Membership.agency == agency,
            Membership.user == user,
            Leadership.until.is_(None),
            Case.state == "open",
        )
    )
    cap = select(CaseloadCap.cap).where(CaseloadCap.agency == agency, CaseloadCap.user == user)
    return Load(int(session.scalar(led) or 0), session.scalar(cap))


def loads_of_team(session: ReadSession, case: str) -> dict[str, Load]:
    """The same of everybody on the team of a case now, by the id on the roster."""
    seat, led = aliased(Membership), aliased(Membership)
    loads = (
        select(seat.id, func.coalesce(func.sum(Case.weight), 0), func.max(CaseloadCap.cap))
        .outerjoin(led, and_(led.agency == seat.agency, led.user == seat.user))
        .outerjoin(Leadership, and_(Leadership.member_id == led.id, Leadership.until.is_(None)))
        .outerjoin(Case, and_(Case.id == Leadership.case_id, Case.state == "open"))
        .outerjoin(CaseloadCap, and_(CaseloadCap.agency == seat.agency, CaseloadCap.user == seat.user))
        .where(seat.case_id == case, seat.until.is_(None))
        .group_by(seat.id)
    )
    return {member: Load(int(current), cap) for member, current, cap in session.execute(loads)}


def led_by(session: ReadSession, agency: str, user: str) -> list[str]:
    """The cases that somebody leads for an agency now."""
    led = (
        select(Leadership.case_id)
        .join(Membership, Membership.id == Leadership.member_id)
        .where(Membership.agency == agency, Membership.user == user, Leadership.until.is_(None))
    )
    return list(session.scalars(led.order_by(Leadership.case_id)))


def weight_of(session: ReadSession, case: str) -> int:
    return session.scalar(select(Case.weight).where(Case.id == case)) or 1


def set_weight(session: WriteSession, case: str, weight: int) -> None:
    session.execute(update(Case).where(Case.id == case).values(weight=weight))


def set_cap(session: WriteSession, request: WriteRequest, user: str, cap: int) -> None:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    said = {"cap": cap, "set_at": request.at, "set_by": request.caller.user}
    row = {"agency": request.caller.agency, "user": user, **said}
    statement = dialect.insert(CaseloadCap).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=["agency", "user"], set_=said))
