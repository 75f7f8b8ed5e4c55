"""All SQL about nominations and leaderships."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from services.case.deputies.repository import end_all
from services.case.lead_professional.lifecycle import LEADERSHIP
from services.case.lead_professional.tables import Leadership, Nomination
from services.case.notices.repository import clear
from services.case.team.tables import Membership
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Nominee:
    """A nomination with the stay on the team that it rests on."""

    nomination: str
    state: str
    member: str
    user: str
    agency: str
    until: datetime | None
    by_agency: str
    by_user: str
    objected_at: datetime | None


def add_nomination(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    member: str,
    by: str,
    exceeds_cap_because: str | None,
) -> str:
    nomination = new_id()
    session.execute(
        insert(Nomination),
        {
            "id": nomination,
            "case_id": case,
            "member_id": member,
            "state": "nominated",
            "nominated_at": request.at,
            "nominated_by_agency": request.caller.agency,
            "nominated_by_user": request.caller.user,
            "answered_at": None,
            "reason": None,
            "nominated_by": by,
            "exceeds_cap_because": exceeds_cap_because,
            "objected_at": None,
            "objection": None,
        },
    )
    return nomination


def open_nominations(session: ReadSession, case: str) -> list[str]:
    return list(
        session.scalars(
            select(Nomination.id).where(Nomination.case_id == case, Nomination.state == "nominated")
        )
    )


def find_nominee(session: ReadSession, case: str, nomination: str) -> Nominee | None:
    row = session.execute(
        select(
            Nomination.id, Nomination.state, Nomination.member_id,
            Membership.user, Membership.agency, Membership.until,
            Nomination.nominated_by_agency, Nomination.nominated_by_user, Nomination.objected_at,
        )
        .join(Membership, Membership.id == Nomination.member_id)
        .where(Nomination.id == nomination, Nomination.case_id == case)
    ).one_or_none()  # fmt: skip
    return None if row is None else Nominee(*row)


def answer(
    session: WriteSession, request: WriteRequest, nomination: str, state: str, reason: str | None = None
) -> None:
    session.execute(
        update(Nomination)
        .where(Nomination.id == nomination)
        .values(state=state, answered_at=request.at, reason=reason)
    )
    clear(session, nomination, request.at)


def object_to(session: WriteSession, request: WriteRequest, nomination: str, state: str, reason: str) -> None:
    """Keep an objection; a nomination that it ends waits for nobody any more."""
    values = {"state": state, "objected_at": request.at, "objection": reason}
    if state != "accepted":
        values["answered_at"] = request.at
        clear(session, nomination, request.at)
    session.execute(update(Nomination).where(Nomination.id == nomination).values(**values))


def withdraw_open_nomination(
    session: WriteSession, request: WriteRequest, case: str, reason: str, member: str | None = None
) -> None:
    """Withdraw the open nomination of a case, or only one of that member; it waits for nobody any more."""
    whose = [] if member is None else [Nomination.member_id == member]
    withdrawn = session.scalars(
        update(Nomination)
        .where(Nomination.case_id == case, Nomination.state == "nominated", *whose)
        .values(state="withdrawn", answered_at=request.at, reason=reason)
        .returning(Nomination.id)
    )
    for nomination in withdrawn.all():
        clear(session, nomination, request.at)


def current_lead(session: ReadSession, case: str) -> str | None:
    """The stay on the team of whoever leads now."""
    return session.execute(
        select(Leadership.member_id).where(Leadership.case_id == case, Leadership.until.is_(None))
    ).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Leading:
    """Who leads a case, and for which agency."""

    user: str
    agency: str


def who_leads(session: ReadSession, case: str) -> Leading | None:
    row = session.execute(
        select(Membership.user, Membership.agency)
        .join(Leadership, Leadership.member_id == Membership.id)
        .where(Leadership.case_id == case, Leadership.until.is_(None))
    ).one_or_none()
    return None if row is None else Leading(*row)


def current_leadership(session: ReadSession, case: str) -> str | None:
    """The leadership that goes on, by the nomination that it came from."""
    return session.execute(
        select(Leadership.nomination_id).where(Leadership.case_id == case, Leadership.until.is_(None))
    ).scalar_one_or_none()


def start_leadership(
    session: WriteSession, request: WriteRequest, case: str, nomination: str, member: str
) -> None:
    session.execute(
        insert(Leadership),
        {
            "nomination_id": nomination,
            "case_id": case,
            "member_id": member,
            "since": request.at,
            "until": None,
            "reason": None,
        },
    )


def end_leadership(
    session: WriteSession, request: WriteRequest, case: str, member: str, event: str
) -> str | None:
    """End the lead of this member in this case, and with it whoever stands in for them; the leadership, if
    there was one."""
    reason = LEADERSHIP.after(LEADERSHIP.initial, event)
    ended = session.execute(
        update(Leadership)
        .where(Leadership.case_id == case, Leadership.member_id == member, Leadership.until.is_(None))
        .values(until=request.at, reason=reason)
        .returning(Leadership.nomination_id)
    ).scalar_one_or_none()
    if ended is not None:
        end_all(session, case, request.at, event)
    return ended
