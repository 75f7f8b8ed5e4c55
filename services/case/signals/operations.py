"""The signals that wait for a panel, and what comes of them."""

from datetime import datetime
from typing import Any

from services.case.bundles.repository import person_bundles
from services.case.people.repository import cases_about
from services.case.signals import repository
from services.case.signals.lifecycle import SIGNAL
from services.case.signals.schemas import SignalsAsk
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.pages import cut
from shared.problems import not_found
from shared.records.small_concerns import SignalClosing


def open_signals(session: ReadSession, caller: Caller, ask: SignalsAsk, at: datetime) -> dict[str, Any]:
    """A page of the signals that nobody has closed, with the people they are about, raw."""
    after = None if ask.after is None else (ask.after.raised_at, ask.after.id)
    shown, last = cut(repository.open_signals(session, after, ask.limit + 1), ask.limit)
    people = [row.person_id for row in shown]
    bundles = person_bundles(session, caller, cases_about(session, people), at) if people else []
    return {
        "signals": [
            {"id": row.id, "person": row.person_id, "state": row.state, "raised_at": rfc3339(row.raised_at)}
            for row in shown
        ],
        "bundles": bundles,
        "after": None if last is None else {"raised_at": rfc3339(last.raised_at), "id": last.id},
    }


def find(session: ReadSession, _: Caller, id: str) -> dict[str, Any]:
    """Whom a signal is about; 404 if there is none."""
    found = repository.find_signal(session, id)
    if found is None:
        raise not_found()
    return {"id": found.id, "person": found.person_id}


def take_up(session: WriteSession, request: WriteRequest, id: str) -> Outcome:
    """Somebody brings this person to their panel."""
    state = _after(session, id, "taking_up")
    repository.take_up(session, request, id, state)
    return {"id": id, "state": state}


def close(session: WriteSession, request: WriteRequest, id: str, body: SignalClosing) -> Outcome:
    """Say what came of a signal. Later small concerns may make another."""
    state = _after(session, id, "closing")
    repository.close(session, request, id, state, body.outcome.value)
    return {"id": id, "state": state}


def _after(session: WriteSession, id: str, event: str) -> str:
    signal = repository.lock_signal(session, id)
    if signal is None:
        raise not_found()
    return SIGNAL.after(signal.state, event)
