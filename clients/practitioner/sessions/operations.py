"""What happens to sessions and kept forms: each of these is one transaction."""

from datetime import datetime, timedelta
from typing import Any

from clients.practitioner.sessions import repository
from clients.practitioner.sessions.sealing import Seal
from clients.practitioner.sessions.session import Session, is_idle
from shared.database import ReadSession, WriteSession

KEPT_FOR = timedelta(hours=12)
"""How long a session that nobody uses, and a form that nobody came back to, are kept at most."""


def look_up(session: ReadSession, seal: Seal, secret: str, now: datetime, idle: timedelta) -> Session | None:
    """The session behind a cookie, locked if its user was away for too long; None if there is none."""
    found = repository.find_session(session, seal, secret)
    if found is not None and is_idle(found, now, idle):
        found.lock()
    return found


def save(session: WriteSession, seal: Seal, kept: Session) -> None:
    """Keep what a session holds now. One that has ended meanwhile stays ended: only a stranger's, which opens
    nothing, begins here."""
    if not repository.change_session(session, seal, kept) and kept.user is None:
        repository.add_session(session, seal, kept)


def note_seen(session: WriteSession, secret: str, moment: datetime) -> None:
    """Note that its user is still there, and nothing else: another window may have changed the rest."""
    repository.change_seen_at(session, secret, moment)


def replace(session: WriteSession, seal: Seal, old: str, new: Session) -> None:
    """Sign in under a new secret, so that one known from before opens nothing."""
    repository.delete_session(session, old)
    repository.add_session(session, seal, new)
    repository.delete_unseen_since(session, new.seen_at - KEPT_FOR)


def end(session: WriteSession, secret: str) -> None:
    repository.delete_session(session, secret)


def keep_form(
    session: WriteSession, seal: Seal, user: str, page: str, fields: dict[str, Any], now: datetime
) -> None:
    """Keep what somebody typed for them, sealed, until it is sent or thrown away."""
    repository.save_form(session, user, page, seal.close(fields), now)


def read_form(session: ReadSession, seal: Seal, user: str, page: str) -> dict[str, Any] | None:
    """What is kept for this page of this user; it stays there."""
    sealed = repository.find_form(session, user, page)
    return None if sealed is None else seal.open(sealed)


def drop_form(session: WriteSession, user: str, page: str) -> None:
    repository.delete_form(session, user, page)
