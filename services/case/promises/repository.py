"""All SQL about promises."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from services.case.cases.tables import Case
from services.case.entries import repository as entries
from services.case.promises.standing import ENDED, OF_ACTIONS, OPEN, PLEDGED, Owed, is_open
from services.case.promises.tables import Promise
from shared.database import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Known:
    """A promise as it is kept."""

    entry: str
    case: str
    kind: str
    accountable: str | None
    user: str | None
    status: str
    open: bool
    due_on: date
    needed_on: date | None
    promised_at: datetime
    asked: int
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Owing:
    """An action that an agency owes, and who of it is to do it, if that was said."""

    entry: str
    case: str
    user: str | None


_KNOWN: tuple[Any, ...] = (
    Promise.entry_id, Promise.case_id, Promise.kind, Promise.accountable, Promise.responsible_user,
    Promise.status, Promise.open, Promise.due_on, Promise.needed_on, Promise.promised_at, Promise.asked,
    Promise.asked_at,
)  # fmt: skip
_OF_CASE = (
    select(*_KNOWN)
    .where(Promise.case_id == bindparam("case"))
    .order_by(Promise.promised_at, Promise.entry_id)
)


def keep(session: WriteSession, case: str, entry: str, owed: Owed, at: datetime) -> None:
    """Note that something was promised; with the entry, in one transaction."""
    row = {"entry_id": entry, "case_id": case, "promised_at": at, "asked": 0, "asked_at": None, **owed.row()}
    session.execute(insert(Promise), row)


def follow(session: WriteSession, entry: str, owed: Owed) -> None:
    """Let what is kept of a promise say what its entry says now."""
    session.execute(update(Promise).where(Promise.entry_id == entry).values(**owed.row()))


def find(session: ReadSession, case: str, entry: str) -> Known | None:
    row = session.execute(
        select(*_KNOWN).where(Promise.entry_id == entry, Promise.case_id == case)
    ).one_or_none()
    return None if row is None else Known(*row)


def of_case(session: ReadSession, case: str) -> list[Known]:
    """Everything that was ever promised in a case, oldest first."""
    return [Known(*row) for row in session.execute(_OF_CASE, {"case": case})]


def owed_by(session: ReadSession, agency: str, entries: Collection[str]) -> list[Owing]:
    """Those of these entries that are actions which an agency owes in open cases, done or not."""
    rows = session.execute(
        select(Promise.entry_id, Promise.case_id, Promise.responsible_user)
        .join(Case, Case.id == Promise.case_id)
        .where(
            Promise.entry_id.in_(list(entries)),
            Promise.accountable == agency,
            Promise.kind.in_(OF_ACTIONS),
            Promise.status != ENDED,
            Case.state == "open",
        )
        .order_by(Promise.entry_id)
    )
    return [Owing(*row) for row in rows]


def late(session: ReadSession, today: date) -> list[Known]:
    """What should have been done before that day, in open cases."""
    rows = session.execute(
        select(*_KNOWN)
        .join(Case, Case.id == Promise.case_id)
        .where(Promise.open.is_(True), Promise.due_on < today, Case.state == "open")
        .order_by(Promise.due_on, Promise.entry_id)
    )
    return [Known(*row) for row in rows]


def ask(session: WriteSession, entry: str, at: datetime) -> int:
    """Count that somebody asked for news; how often that was done by now."""
    counted = session.execute(
        update(Promise)
        .where(Promise.entry_id == entry)
        .values(asked=Promise.asked + 1, asked_at=at)
        .returning(Promise.asked)
    )
    return int(counted.scalar_one())


def stands(session: WriteSession, entry: str, status: str) -> None:
    """The same where nothing but the status changed."""
    session.execute(
        update(Promise).where(Promise.entry_id == entry).values(status=status, open=is_open(status))
    )


def end(session: WriteSession, entry: str, because: str) -> None:
    """Say of a promise that is open what became of it when its case was closed, on its entry too."""
    said = {"status": ENDED, "ended_because": because}
    pledged = select(Promise.entry_id).where(Promise.entry_id == entry, Promise.kind == PLEDGED)
    if session.execute(pledged).first() is not None:
        said["pledge"] = ENDED
    entries.add_to_fields(session, entry, said)
    session.execute(update(Promise).where(Promise.entry_id == entry).values(status=ENDED, open=False))


def wake(session: WriteSession, case: str) -> None:
    """In a case that is open again, what was never answered for waits again."""
    session.execute(
        update(Promise).where(Promise.case_id == case, Promise.status.in_(sorted(OPEN))).values(open=True)
    )
