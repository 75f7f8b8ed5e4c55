"""What happens to checkpoints: they are made, and never changed."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from services.consent.checkpoints import repository
from services.consent.checkpoints.cover import CHECKPOINTS, add, as_text, content_of, part_of
from services.consent.checkpoints.repository import Grown
from services.consent.checkpoints.signature import Statement, public_key, signed
from services.consent.ledger.chain import START, LedgerKey, link
from shared.clock import Clock, rfc3339, utc_now
from shared.database import Store, WriteSession, open_store
from shared.ids import new_id
from shared.problems import conflict

CHAINS_LOOKED_AT_ONCE = 5_000
CHAINS_COVERED_AT_ONCE = 2_000
_TRIES = 20


async def make_checkpoint(
    store: Store,
    key: LedgerKey,
    clock: Clock,
    looked_at_once: int = CHAINS_LOOKED_AT_ONCE,
    covered_at_once: int = CHAINS_COVERED_AT_ONCE,
) -> str:
    """A signed checkpoint of everything that is in the ledger at this moment, as a compact JWS.

    Looking for what has grown goes in pieces, and so does covering it, each time with a checkpoint that
    builds on the one before: over a large ledger it would otherwise hold up everybody else.
    """
    grown: list[Grown] = []
    after: str | None = ""
    while after is not None:
        found, after = await store.read(repository.grown_chains, after, looked_at_once)
        grown += found
        await asyncio.sleep(0)
    statement = await store.write(add_checkpoint, key, clock, grown[:covered_at_once])
    for start in range(covered_at_once, len(grown), covered_at_once):
        await asyncio.sleep(0)
        part = grown[start : start + covered_at_once]
        statement = await store.write(add_checkpoint, key, clock, part)
    return signed(key, statement)


def add_checkpoint(session: WriteSession, key: LedgerKey, clock: Clock, grown: Sequence[Grown]) -> Statement:
    """Add a checkpoint that reaches as far as these chains had grown.

    No chain is locked: each is covered up to a length that is committed, and that is all that counts.
    """
    for _ in range(_TRIES):
        last = repository.last_checkpoint(session)
        seq, previous, total = (last.seq + 1, last.link, int(last.total, 16)) if last else (1, START, 0)
        new = repository.not_covered(session, grown)
        own, at = new_id(), clock()
        for chain, length, head in new:
            total = add(total, part_of(key, own, chain, length, head))
        content = content_of(own, at, as_text(total))
        root = link(key, CHECKPOINTS, seq, previous, content)
        place = {"seq": seq, "key_id": key.key_id, "previous": previous, "link": root}
        if repository.add_checkpoint(session, id=own, at=at, total=as_text(total), **place):
            repository.cover(session, seq, new)
            return Statement(own, rfc3339(at), root)
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
