"""Doing a write once: the key, what it was used for and its outcome, kept in the transaction of the write.

Keys belong to one caller in one agency; nobody meets another's key (design 3.5). A replay gives back the
first outcome, which holds ids and states and never content.

What counts as the same request is what the client sent. The gateway adds facts of its own to a write, which
may be others by the time of a retry, so it sends the fingerprint of the client's request along.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Concatenate, ParamSpec, Self
from urllib.parse import quote

from sqlalchemy import JSON, Select, String, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import UtcDateTime, WriteSession
from shared.identity import Caller
from shared.problems import Problem, conflict, stale

P = ParamSpec("P")
Outcome = dict[str, Any]
"""What a write answers: JSON of ids, versions, states and times."""

MAX_KEY_LENGTH = 200
_A_MOMENT = timedelta(microseconds=1)
KEY_HEADER = "Idempotency-Key"
FINGERPRINT_HEADER = "Idempotency-Fingerprint"
"""Inside only: the fingerprint of the client's request."""
REPLAY_ONLY_HEADER = "Replay-Only"
"""Inside only, ``yes``: give the outcome that is known for this key, or refuse; write nothing."""


class IdempotencyColumns:
    """Mix into a service's own table ``idempotency_keys``."""

    __tablename__ = "idempotency_keys"

    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """Who writes, when, under which key (if any), and a fingerprint of what was asked.

    ``replay_only``: what it changes has changed since, so nothing but a replay is left to do.
    """

    caller: Caller
    at: datetime
    key: str | None
    fingerprint: str
    replay_only: bool = False

    def moments_later(self, number: int) -> Self:
        """The same, so many moments later: what is written at once and in an order keeps it."""
        return replace(self, at=self.at + number * _A_MOMENT)


def fingerprint(method: str, path: str, body: bytes, if_match: str = "", on_behalf_of: str = "") -> str:
    """SHA-256 of what was asked. The parts before the body hold no NUL, so none runs into another."""
    parts = (
        method.encode(),
        quote(path).encode(),
        quote(if_match).encode(),
        quote(on_behalf_of).encode(),
        body,
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def once(
    session: WriteSession,
    keys: Any,
    request: WriteRequest,
    operation: Callable[Concatenate[WriteSession, WriteRequest, P], Outcome],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Outcome:
    """Run ``operation(session, request, …)`` unless its key was used before; then give the first outcome.

    ``keys`` is the service's table class. The same key for another request is a 409; a request that can only
    be a replay and is none is a 412.
    """
    if request.key is None and not request.replay_only:
        return operation(session, request, *args, **kwargs)
    caller = request.caller
    own = {"of_agency": caller.agency, "of_user": caller.user, "of_key": request.key}
    earlier = session.execute(_earlier(keys), own).one_or_none()
    if earlier is not None:
        return _replay(earlier.fingerprint, earlier.outcome, request)
    if request.replay_only:
        raise stale()
    row = keys(
        agency=request.caller.agency,
        user=request.caller.user,
        key=request.key,
        fingerprint=request.fingerprint,
        outcome=None,
        recorded_at=request.at,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise conflict("The same request is being handled already. Send it again in a moment.") from None
    outcome = operation(session, request, *args, **kwargs)
    row.outcome = outcome
    return outcome


@cache
def _earlier(keys: Any) -> Select[tuple[str, Outcome | None]]:
    """What was done under a key; put together once for each service, because every write begins with it."""
    return select(keys.fingerprint, keys.outcome).where(
        keys.agency == bindparam("of_agency"),
        keys.user == bindparam("of_user"),
        keys.key == bindparam("of_key"),
    )


def _replay(known_fingerprint: str, outcome: Outcome | None, request: WriteRequest) -> Outcome:
    if known_fingerprint != request.fingerprint:
        raise conflict("This Idempotency-Key was used for another request. Use a fresh key.")
    if outcome is None:
        raise Problem("conflict", "The same request is being handled already. Send it again in a moment.")
    return outcome
