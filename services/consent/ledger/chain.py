"""The chain of receipts (design 3.4). Pure.

Each link is a keyed hash (HMAC-SHA-256) over its receipt's content, its place in the chain and the link
before it. Without the key, which is kept outside the database, no link can be made again; so an edited,
removed, reordered or inserted receipt breaks the chain at its place.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

START = "0" * 64
"""What stands before the first link."""


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """A key with its name, which stands on each receipt so that keys can be changed."""

    key_id: str
    secret: bytes


def link(key: LedgerKey, chain: str, seq: int, previous: str, content: Mapping[str, Any]) -> str:
    """The link of one receipt, 64 hexadecimal digits. ``content`` is JSON; the order of its keys is not."""
    sealed = {"chain": chain, "seq": seq, "previous": previous, "content": content}
    text = orjson.dumps(sealed, option=orjson.OPT_SORT_KEYS)
    return hmac.new(key.secret, text, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One receipt as stored: its place, its links and its content."""

    seq: int
    previous: str
    link: str
    key_id: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain is broken and how it shows."""

    chain: str
    seq: int
    what: str


CUT_OFF = "the chain was cut off or lengthened"
NOT_READABLE = "a receipt cannot be read"


def find_fault(
    keys: Mapping[str, LedgerKey], chain: str, links: Iterable[Link], length: int, head: str
) -> Fault | None:
    """The first fault of a chain, whose links come in the order of ``seq``; None when it is whole.

    ``length`` and ``head`` are what the chain's row, or a checkpoint held elsewhere, says.
    """
    previous, seq = START, 0
    for seq, stored in enumerate(links, start=1):
        what = fault_at(keys, chain, seq, previous, stored)
        if what is not None:
            return Fault(chain, seq, what)
        previous = stored.link
    if seq != length or previous != head:
        return Fault(chain, seq + 1, CUT_OFF)
    return None


def fault_at(keys: Mapping[str, LedgerKey], chain: str, seq: int, previous: str, stored: Link) -> str | None:
    """What is wrong with the link that stands at ``seq``, after one that ended in ``previous``."""
    if stored.seq != seq:
        return "a receipt is missing, doubled or out of order"
    key = keys.get(stored.key_id)
    if key is None:
        return "a receipt names a key that nobody has"
    if stored.previous != previous:
        return "a receipt does not follow the one before it"
    expected = link(key, chain, seq, previous, stored.content)
    # As bytes: a link that somebody wrote over may hold characters that cannot be compared as text.
    if not hmac.compare_digest(stored.link.encode(), expected.encode()):
        return "a receipt was changed"
    return None
