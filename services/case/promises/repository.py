"""All SQL about promises."""

from datetime import datetime

from sqlalchemy import insert, select, update

from services.case.promises.standing import OPEN, Owed
from services.case.promises.tables import Promise
from shared.database import ReadSession, WriteSession


def keep(session: WriteSession, case: str, entry: str, owed: Owed, at: datetime) -> None:
    """Note that something was promised; with the entry, in one transaction."""
    row = {"entry_id": entry, "case_id": case, "promised_at": at, "asked": 0, "asked_at": None, **owed.row()}
    session.execute(insert(Promise), row)


def follow(session: WriteSession, entry: str, owed: Owed) -> None:
    """Let what is kept of a promise say what its entry says now."""
    session.execute(update(Promise).where(Promise.entry_id == entry).values(**owed.row()))


def open_in(session: ReadSession, case: str) -> list[str]:
    """The promises of a case that somebody owes still, oldest first."""
    return list(
        session.scalars(
            select(Promise.entry_id)
            .where(Promise.case_id == case, Promise.open.is_(True))
            .order_by(Promise.promised_at, Promise.entry_id)
        )
    )


def rest(session: WriteSession, case: str) -> None:
    """In a closed case nothing waits for anybody."""
    session.execute(update(Promise).where(Promise.case_id == case).values(open=False))


def wake(session: WriteSession, case: str) -> None:
    """In a case that is open again, what was never answered for waits again."""
    session.execute(
        update(Promise).where(Promise.case_id == case, Promise.status.in_(sorted(OPEN))).values(open=True)
    )
