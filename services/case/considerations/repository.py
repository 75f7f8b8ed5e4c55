"""SQL about who considers a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from services.case.considerations.tables import Consideration
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest
from shared.ids import new_id
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Considering:
    """Who acts in this role for this agency; without ``user``, all who do."""

    agency: str
    role: Role
    user: str | None = None


def start(
    session: WriteSession, request: WriteRequest, case: str, because: str, whom: Iterable[Considering]
) -> None:
    """Let these look at a case in order to answer what asks them, the referral or invitation ``because``."""
    rows = [
        {
            "id": new_id(),
            "case_id": case,
            "agency": one.agency,
            "role": one.role.value,
            "user": one.user,
            "because": because,
            "since": request.at,
            "until": None,
        }
        for one in whom
    ]
    session.execute(insert(Consideration), rows)


def is_considered(session: ReadSession, because: str) -> bool:
    """Whether what a referral or invitation opened goes on, for anybody."""
    going_on = select(Consideration.id).where(Consideration.because == because, Consideration.until.is_(None))
    return session.execute(going_on.limit(1)).first() is not None


def end_because(session: WriteSession, because: str, at: datetime, user: str | None = None) -> None:
    """End what a referral or invitation opened: for everybody, or for one user. Goes with ``take_away``."""
    whose = [] if user is None else [Consideration.user == user]
    session.execute(
        update(Consideration)
        .where(Consideration.because == because, Consideration.until.is_(None), *whose)
        .values(until=at)
    )


def end_of_case(session: WriteSession, case: str, at: datetime) -> None:
    """A case is closed: nobody is asked about it any more. Goes with ``take_away``."""
    session.execute(
        update(Consideration)
        .where(Consideration.case_id == case, Consideration.until.is_(None))
        .values(until=at)
    )


def end_of_user(session: WriteSession, agency: str, user: str, at: datetime) -> None:
    """End everything that somebody who leaves an agency was considering for it."""
    session.execute(
        update(Consideration)
        .where(Consideration.agency == agency, Consideration.user == user, Consideration.until.is_(None))
        .values(until=at)
    )
