"""What happens to checkpoints: they are made, and never changed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.consent.checkpoints import repository
from services.consent.checkpoints.cover import CHECKPOINTS, add, as_text, content_of, part_of
from services.consent.checkpoints.signature import Statement, public_key, signed
from services.consent.ledger.chain import START, LedgerKey, link
from shared.clock import Clock, rfc3339, utc_now
from shared.database import Store, WriteSession, open_store
from shared.ids import new_id
from shared.problems import conflict

CHAINS_AT_ONCE = 2_000
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Made:
    """A checkpoint that was made, and whether chains are left that it does not reach yet."""

    statement: Statement
    more: bool


async def make_checkpoint(store: Store, key: LedgerKey, clock: Clock) -> str:
    """A signed checkpoint of everything that is in the ledger at this moment, as a compact JWS.

    It is made in pieces, each a checkpoint of its own that builds on the one before: a first one over a large
    ledger would otherwise hold up everybody else.
    """
    made = await store.write(add_checkpoint, key, clock, CHAINS_AT_ONCE)
    while made.more:
        await asyncio.sleep(0)
        made = await store.write(add_checkpoint, key, clock, CHAINS_AT_ONCE)
    return signed(key, made.statement)


def add_checkpoint(session: WriteSession, key: LedgerKey, clock: Clock, limit: int) -> Made:
    """Add a checkpoint that reaches up to ``limit`` more of the chains that have grown.

    No chain is locked: each is covered up to a length that is committed, and that is all that counts.
    """
    for _ in range(_TRIES):
        last = repository.last_checkpoint(session)
        seq, previous, total = (last.seq + 1, last.link, int(last.total, 16)) if last else (1, START, 0)
        grown = repository.grown_chains(session, limit)
        own, at = new_id(), clock()
        for chain in grown:
            total = add(total, part_of(key, own, chain.id, chain.length, chain.head))
        content = content_of(own, at, as_text(total))
        root = link(key, CHECKPOINTS, seq, previous, content)
        place = {"seq": seq, "key_id": key.key_id, "previous": previous, "link": root}
        if repository.add_checkpoint(session, id=own, at=at, total=as_text(total), **place):
            repository.cover(session, seq, grown)
            return Made(Statement(own, rfc3339(at), root), more=len(grown) == limit)
    raise conflict("Too many checkpoints are being made at this moment. Ask again shortly.")


def public_keys(keys: Mapping[str, LedgerKey]) -> dict[str, Any]:
    """The public part of every key that signs or signed checkpoints, as a JWK set (RFC 7517)."""
    return {"keys": [public_key(key) for _, key in sorted(keys.items())]}


def checkpoint_of_database(database_url: str, key: LedgerKey) -> str:
    """From the command line: make a checkpoint, whether or not a service runs on the database."""

    async def make() -> str:
        store = open_store(database_url)
        try:
            return await make_checkpoint(store, key, utc_now)
        finally:
            await store.close()

    return asyncio.run(make())
