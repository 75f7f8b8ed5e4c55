"""The SQL of sessions and kept forms."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from clients.practitioner.sessions.sealing import Seal
from clients.practitioner.sessions.session import Session, digest
from clients.practitioner.sessions.tables import KeptForm, SessionRow
from shared.database import ReadSession, WriteSession


def find_session(session: ReadSession, seal: Seal, secret: str) -> Session | None:
    row = session.execute(
        select(SessionRow.user, SessionRow.csrf, SessionRow.sealed, SessionRow.seen_at).where(
            SessionRow.id == digest(secret)
        )
    ).one_or_none()
    if row is None:
        return None
    return Session(secret, row.csrf, row.seen_at, row.user, seal.open(row.sealed))


def add_session(session: WriteSession, seal: Seal, kept: Session) -> None:
    session.add(SessionRow(id=kept.id, **_columns(seal, kept)))


def change_session(session: WriteSession, seal: Seal, kept: Session) -> bool:
    """Store a session anew; false where it is not there (any more)."""
    changed = update(SessionRow).where(SessionRow.id == kept.id).values(**_columns(seal, kept))
    return session.execute(changed.returning(SessionRow.id)).first() is not None


def change_seen_at(session: WriteSession, secret: str, moment: datetime) -> None:
    session.execute(update(SessionRow).where(SessionRow.id == digest(secret)).values(seen_at=moment))


def _columns(seal: Seal, kept: Session) -> dict[str, Any]:
    return {
        "user": kept.user,
        "csrf": kept.csrf,
        "sealed": seal.close(kept.kept),
        "seen_at": kept.seen_at,
    }


def delete_session(session: WriteSession, secret: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.id == digest(secret)))


def delete_unseen_since(session: WriteSession, moment: datetime) -> None:
    session.execute(delete(SessionRow).where(SessionRow.seen_at < moment))
    session.execute(delete(KeptForm).where(KeptForm.kept_at < moment))


def save_form(session: WriteSession, user: str, page: str, sealed: bytes, now: datetime) -> None:
    session.merge(KeptForm(user=user, page=page, sealed=sealed, kept_at=now))


def find_form(session: ReadSession, user: str, page: str) -> bytes | None:
    return session.execute(
        select(KeptForm.sealed).where(KeptForm.user == user, KeptForm.page == page)
    ).scalar_one_or_none()


def delete_form(session: WriteSession, user: str, page: str) -> None:
    session.execute(delete(KeptForm).where(KeptForm.user == user, KeptForm.page == page))
