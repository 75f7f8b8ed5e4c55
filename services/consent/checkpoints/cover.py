"""What checkpoints cover, as one number (decision 21). Pure.

A checkpoint covers chains up to a length. Each adds a keyed hash of (checkpoint, chain, length, the link
that stands there), and the sum of all of them, modulo 2^256, goes into the checkpoint's link. A sum, because
then the order in which a ledger is gone through means nothing, and it can be gone through in pieces; keyed,
because without the key nobody can find other receipts with the same sum, nor learn from a root which chains
there are.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from services.consent.ledger.chain import LedgerKey
from shared.clock import rfc3339

CHECKPOINTS = "checkpoints"
"""The name of the chain of checkpoints, in the places where a chain is named."""

_MODULUS = 1 << 256


def part_of(key: LedgerKey, checkpoint: str, chain: str, length: int, link: str) -> int:
    """What one chain, up to this length, adds to the sum."""
    text = orjson.dumps(["covered", checkpoint, chain, length, link])
    return int.from_bytes(hmac.new(key.secret, text, hashlib.sha256).digest())


def add(total: int, part: int) -> int:
    return (total + part) % _MODULUS


def as_text(total: int) -> str:
    """A sum as it is stored: 64 hexadecimal digits."""
    return f"{total:064x}"


def content_of(id: str, at: datetime, total: str) -> Mapping[str, Any]:
    """What of a checkpoint is chained. The id is random, so that no root tells whether anything changed."""
    return {"id": id, "at": rfc3339(at), "total": total}
