"""A visitor's session, and when it counts: pure."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(slots=True)
class Session:
    """``secret`` stands in the cookie and nowhere else; ``kept`` holds the token and what signing in needs.

    A session whose user was away longer than ``idle`` is locked: it still says whose it was, so that what
    was typed can be kept for them, and opens nothing.
    """

    secret: str
    csrf: str
    seen_at: datetime
    user: str | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return digest(self.secret)

    @property
    def token(self) -> str | None:
        return self.kept.get("token")

    @property
    def acting(self) -> dict[str, str]:
        """The agency and role that its user chose to act in; purpose and reason where they named one."""
        chosen: dict[str, str] = self.kept.get("acting", {})
        return chosen

    @property
    def place(self) -> str:
        """For whom and as what they act: what is typed in one place is never sent from another."""
        return f"{self.acting.get('agency', '')} {self.acting.get('role', '')}"

    def lock(self) -> None:
        """Forget what opens anything; where its user was is kept for what they had typed there."""
        chosen = {name: self.acting[name] for name in ("agency", "role") if name in self.acting}
        self.kept = {"acting": chosen}


def new_session(now: datetime) -> Session:
    return Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now)


def session_after(before: Session, user: str, now: datetime) -> Session:
    """The session of somebody who signs in. Where it is the one who was there before, the forms in their
    other windows stay good: those carry the token against forgery, which a stranger's session never had."""
    fresh = new_session(now)
    fresh.user = user
    if before.user == user:
        fresh.csrf = before.csrf
    return fresh


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_idle(session: Session, now: datetime, idle: timedelta) -> bool:
    """Whether the user was away for so long that somebody else may sit there now."""
    return now - session.seen_at >= idle
