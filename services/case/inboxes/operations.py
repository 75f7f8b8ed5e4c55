"""Reading an inbox: what was sent to the caller's agency, raw. The gateway asks what of it they may see."""

from collections.abc import Sequence
from typing import Any

from services.case.bundles.assemble import entry_bundle
from services.case.bundles.repository import relationships_to, who_decides_for
from services.case.inboxes import repository
from services.case.inboxes.repository import Inbox, Received
from services.case.inboxes.schemas import InboxAsk
from shared.clock import rfc3339
from shared.database import ReadSession
from shared.identity import Caller
from shared.pages import cut
from shared.problems import not_found


def page(session: ReadSession, caller: Caller, inbox: Inbox, ask: InboxAsk) -> dict[str, Any]:
    """A page of it, newest first."""
    after = None if ask.after is None else (ask.after.at, ask.after.id)
    shown, last = cut(repository.received(session, inbox, caller.agency, after, ask.limit + 1), ask.limit)
    place = None if last is None else {"at": rfc3339(last.at), "id": last.entry["id"]}
    return {"bundles": _bundles(session, caller, shown), "after": place}


def find(session: ReadSession, caller: Caller, inbox: Inbox, id: str) -> dict[str, Any]:
    """One of its entries; 404 if it was not sent to the caller's agency."""
    found = repository.find(session, inbox, caller.agency, id)
    if found is None:
        raise not_found()
    return _bundles(session, caller, [found])[0]


def _bundles(session: ReadSession, caller: Caller, received: Sequence[Received]) -> list[dict[str, Any]]:
    deciding = who_decides_for(session, {person for one in received for person in one.entry["subjects"]})
    related = relationships_to(session, caller, {one.case for one in received if one.case is not None})
    return [entry_bundle(one.case, one.at, one.entry, deciding, related) for one in received]
