"""Changing what one has read: an entry that the caller sees, in the state they saw (design 4)."""

from services.gateway.disclose import Seen
from services.gateway.projection import etag
from shared.disclosure import Entry
from shared.problems import Problem, not_found
from shared.vocabulary import Level


def entry_to_change(seen: Seen, id: str, if_match: str | None, *, kinds: tuple[str, ...] = ()) -> Entry:
    """The entry with this id, if the caller sees it and sent its current tag.

    404 when they do not see such an entry, 428 without ``If-Match``, 412 when it has changed since.
    """
    found = seen.entry(id)
    if found is None or (kinds and found[0]["kind"] not in kinds):
        raise not_found()
    entry, level = found
    if if_match is None:
        raise Problem("precondition-required", "Send the entry's etag in If-Match, so that nothing is lost.")
    if level < Level.FULL or if_match.strip() != etag(entry):
        raise Problem("stale", "This has changed since you read it. Read it again and repeat your change.")
    return entry
