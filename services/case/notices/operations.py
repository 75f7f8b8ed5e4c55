"""What can be asked of notices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.case.bundles.repository import case_bundles
from services.case.notices import repository
from services.case.notices.audience import addresses_of
from services.case.notices.schemas import NoticesAsk, Only
from services.case.promises.operations import owed_alone
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.pages import cut
from shared.problems import not_found

AWAIT_AN_ANSWER = frozenset({"nomination", "referral", "invitation", "action_to_answer", "purchase_to_sign"})
"""Kinds of notices that somebody settles by saying yes or no."""
LEFT_TOO_LONG = frozenset({"agency_missing", "nobodys_case", "promise_long_overdue", "review_escalated"})
"""Kinds of notices that say that something was left for so long, or so often, that others are told."""
_KINDS: Mapping[Only | None, frozenset[str]] = {
    None: frozenset(),
    "to_answer": AWAIT_AN_ANSWER,
    "left_too_long": LEFT_TOO_LONG,
}


def notices(session: ReadSession, caller: Caller, ask: NoticesAsk, at: datetime) -> dict[str, Any]:
    """A page of what waits for the caller, newest first, with the cases it is about, raw: the gateway asks
    whether these exist for them and whether they see what each notice rests on. What was left too long, asked
    for by itself, stands oldest first: what was left longest. ``alone``: what is theirs of a case of which
    nothing else is."""
    after = None if ask.after is None else (ask.after.raised_at, ask.after.id)
    found = repository.notices_for(
        session,
        caller.agency,
        addresses_of(caller),
        after,
        ask.limit + 1,
        _KINDS[ask.only],
        oldest_first=ask.only == "left_too_long",
    )
    shown, last = cut(found, ask.limit)
    cases = list(dict.fromkeys(row.case_id for row in shown))
    bundles = case_bundles(session, caller, cases, at)
    return {
        "bundles": bundles,
        "alone": owed_alone(session, caller, bundles, {row.about for row in shown}),
        "notices": [_raw(row) for row in shown],
        "after": None if last is None else {"raised_at": rfc3339(last.raised_at), "id": last.id},
    }


def _raw(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "case": row.case_id,
        "kind": row.kind,
        "about": row.about,
        "because": row.because or None,
        "at": rfc3339(row.raised_at),
        "left_too_long": row.kind in LEFT_TOO_LONG,
    }


def find(session: ReadSession, caller: Caller, id: str) -> dict[str, Any]:
    """A notice of the caller's, raw; 404 if none of that id waits for them."""
    return _raw(_find(session, caller, id))


def _find(session: ReadSession, caller: Caller, id: str) -> Any:
    found = repository.find_open(session, caller.agency, addresses_of(caller), id)
    if found is None:
        raise not_found()
    return found


def clear(session: WriteSession, request: WriteRequest, id: str) -> Outcome:
    """Take a notice off the caller's list: somebody has looked. An alarm waits for whoever acts on it, so it
    stays on the lists of the others whom it tells; anything else that several share is done with."""
    found = _find(session, request.caller, id)
    if found.about == found.case_id:
        repository.look_at(session, id, addresses_of(request.caller)[0], request.at)
    else:
        repository.clear_one(session, id, request.at)
    return {"id": id, "state": "cleared"}
