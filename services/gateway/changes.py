"""Changing what one has read: an entry that the caller sees, in the state they saw (design 4)."""

from services.gateway.disclose import Seen
from services.gateway.guards import Acting
from services.gateway.projection import etag
from shared.disclosure import Entry
from shared.problems import Problem, conflict, stale
from shared.vocabulary import Level


def entry_to_change(
    seen: Seen, id: str, if_match: str | None, acting: Acting, *, kinds: tuple[str, ...] = ()
) -> tuple[Entry, bool]:
    """The entry with this id, if the caller sees it, and whether only a replay may come of it.

    404 when they do not see such an entry (503 while it may stand where nothing can be read), 428 without
    ``If-Match``, 412 when it has changed since. With an idempotency key it may be this very request that
    changed it: then the service, which keeps the keys, gives the outcome that it had or says the 412
    (``replay_only``).
    """
    entry, level = seen.named(id, *kinds)
    if if_match is None:
        raise Problem("precondition-required", "Send the entry's etag in If-Match, so that nothing is lost.")
    is_current = level == Level.FULL and if_match.strip() == etag(entry)
    if not is_current and acting.idempotency_key is None:
        raise stale()
    return entry, not is_current


def must_be_open(seen: Seen) -> None:
    """A 409 in a case that is closed: what is new there would be seen by nobody who still works on it."""
    if seen.bundle["case"]["state"] != "open":
        raise conflict("This case is closed. Open it again first.")
