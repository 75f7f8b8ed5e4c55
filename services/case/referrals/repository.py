"""All SQL about referrals."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, insert, or_, select, update

from services.case.cases.tables import Case
from services.case.considerations.repository import end_because
from services.case.entries.repository import add_to_fields
from services.case.inboxes.repository import Inbox
from services.case.notices.repository import clear
from services.case.referrals.lifecycle import OPEN
from services.case.referrals.tables import Referral
from services.case.team.tables import Membership
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """A referral as it stands, without what it says."""

    id: str
    case: str
    agency: str
    state: str
    by_agency: str
    by_user: str
    answer_by: date
    answered_at: datetime | None


_ASKED = (
    Referral.entry_id, Referral.case_id, Referral.agency, Referral.state, Referral.by_agency,
    Referral.by_user, Referral.answer_by, Referral.answered_at,
)  # fmt: skip
INBOX = Inbox(Referral.agency, Referral.asked_at, Referral.entry_id, Referral.answered_at.is_(None))


def add_referral(
    session: WriteSession, request: WriteRequest, entry_id: str, case: str, agency: str, answer_by: date
) -> None:
    session.execute(
        insert(Referral),
        {
            "entry_id": entry_id,
            "case_id": case,
            "agency": agency,
            "state": "waiting",
            "by_agency": request.caller.agency,
            "by_user": request.caller.user,
            "asked_at": request.at,
            "answer_by": answer_by,
            "answered_at": None,
        },
    )


def find_referral(session: WriteSession, id: str) -> Asked | None:
    """A referral, locked until this transaction ends."""
    row = session.execute(select(*_ASKED).where(Referral.entry_id == id).with_for_update()).one_or_none()
    return None if row is None else Asked(*row)


def case_of(session: ReadSession, id: str) -> str | None:
    return session.scalar(select(Referral.case_id).where(Referral.entry_id == id))


def open_referrals(session: ReadSession, case: str) -> list[Asked]:
    """What agencies are asked in this case and have not answered."""
    rows = session.execute(
        select(*_ASKED)
        .where(Referral.case_id == case, Referral.state.in_(OPEN))
        .order_by(Referral.asked_at, Referral.entry_id)
    )
    return [Asked(*row) for row in rows]


def is_asked(
    session: ReadSession, case: str, agency: str, by_agency: str, not_shown: Collection[str]
) -> bool:
    """Whether this agency is asked by that one already, and has not answered; but for what is not shown."""
    asked = select(Referral.entry_id).where(
        Referral.case_id == case,
        Referral.agency == agency,
        Referral.by_agency == by_agency,
        Referral.state.in_(OPEN),
    )
    return not set(session.scalars(asked)) <= set(not_shown)


def set_state(session: WriteSession, id: str, state: str, answered_at: datetime | None) -> None:
    session.execute(
        update(Referral).where(Referral.entry_id == id).values(state=state, answered_at=answered_at)
    )


def end(session: WriteSession, asked: Asked, state: str, at: datetime) -> int:
    """Nobody is asked any more, so nobody considers; the version of the referral's entry."""
    set_state(session, asked.id, state, at)
    end_because(session, asked.id, at)
    clear(session, asked.id, at)
    return add_to_fields(session, asked.id, {"state": state})


def due_before(session: WriteSession, day: date) -> list[Asked]:
    """Referrals of open cases to which nobody replied and whose day has passed, those waiting locked."""
    rows = session.execute(
        select(*_ASKED)
        .join(Case, Case.id == Referral.case_id)
        .where(Case.state == "open", Referral.state.in_(OPEN), Referral.answer_by < day)
        .order_by(Referral.entry_id)
        .with_for_update(of=Referral)
    )
    return [Asked(*row) for row in rows]


def refused_everywhere(session: ReadSession) -> dict[str, Asked]:
    """The open cases in which whoever was asked has refused, or said yes and is gone again, each with the
    latest refusal.

    What was taken back was never answered, and counts neither way. Who said yes has let go once everybody
    of that agency left the team again.
    """
    theirs = (Membership.case_id == Referral.case_id, Membership.agency == Referral.agency)
    there = exists().where(*theirs, Membership.until.is_(None))
    gone = exists().where(*theirs, Membership.until >= Referral.answered_at)
    has_it = select(Referral.case_id).where(
        or_(Referral.state.in_(OPEN), and_(Referral.state == "accepted", or_(there, ~gone)))
    )
    rows = session.execute(
        select(*_ASKED)
        .join(Case, Case.id == Referral.case_id)
        .where(
            Case.state == "open",
            Referral.state == "refused",
            Case.id.not_in(has_it),
        )
        .order_by(Referral.case_id, Referral.answered_at, Referral.entry_id)
    )
    return {row.case_id: Asked(*row) for row in rows}
