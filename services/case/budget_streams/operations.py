"""Opening and closing streams of money, and reading their rules."""

from typing import Any

from services.case.budget_streams import lifecycle, repository
from services.case.budget_streams.rules import Stream
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import forbidden, not_found
from shared.records.budget import NewStream
from shared.vocabulary import Role

_ADMINISTER = frozenset({Role.TEAM_MANAGER, Role.COORDINATOR})


def open_stream(session: WriteSession, request: WriteRequest, body: NewStream) -> Outcome:
    return {"id": repository.add(session, request, body), "state": "open"}


def close_stream(session: WriteSession, request: WriteRequest, stream: str) -> Outcome:
    """Nothing more is allocated from it; what was stays where it is."""
    found = repository.find(session, stream)
    if found is None:
        raise not_found()
    if found.agency != request.caller.agency:
        raise forbidden("Only the agency that gives this money can close its stream; ask them to.")
    state = lifecycle.STREAM.after(found.state, "closing")
    repository.set_state(session, stream, state)
    return {"id": stream, "state": state}


def streams(session: ReadSession, caller: Caller) -> list[dict[str, Any]]:
    """Every stream with its rules; how much is left only to those who administer it."""
    return [_card(stream, caller) for stream in repository.all_streams(session)]


def _card(stream: Stream, caller: Caller) -> dict[str, Any]:
    administers = stream.agency == caller.agency and caller.role in _ADMINISTER
    return {
        "id": stream.id,
        "agency": stream.agency,
        "name": stream.name,
        "state": stream.state,
        "may_buy": stream.may_buy,
        "most_per_purchase_pence": stream.most_per_purchase,
        "second_signature_above_pence": stream.second_signature_above,
        "most_per_case_pence": stream.most_per_case,
        "total_pence": stream.total if administers else None,
        "left_pence": stream.total - stream.allocated if administers else None,
        "may": ["close"] if administers and lifecycle.STREAM.allows(stream.state, "closing") else [],
    }
