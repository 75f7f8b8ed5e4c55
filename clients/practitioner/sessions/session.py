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

    def lock(self) -> None:
        """Forget what opens anything."""
        self.kept = {}


def new_session(now: datetime) -> Session:
    return Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_idle(session: Session, now: datetime, idle: timedelta) -> bool:
    """Whether the user was away for so long that somebody else may sit there now."""
    return now - session.seen_at >= idle
