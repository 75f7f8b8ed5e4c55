"""How far a verification has come. Pure."""

from services.consent.checkpoints.cover import as_text
from services.consent.ledger.chain import START
from shared.disclosure import Wire

NOTHING_YET = as_text(0)


class Progress(Wire):
    """Where a verification stands, so that it can be gone on with from here.

    ``chain``, ``seq`` and ``previous``: the last receipt looked at; ``inside``: its chain goes on. ``only``:
    the one chain that it is about. ``held``: the root of a checkpoint held elsewhere, and ``held_at`` its
    place among those made here. ``up_to``: the last checkpoint that counts. The sums are those of
    ``cover.py``, up to the one that is held and after it.
    """

    only: str | None = None
    held: str | None = None
    held_at: int = 0
    up_to: int = 0
    chain: str = ""
    seq: int = 0
    previous: str = START
    inside: bool = False
    held_sum: str = NOTHING_YET
    later_sum: str = NOTHING_YET
    chains: int = 0
    receipts: int = 0
    faults: int = 0
    done: bool = False
