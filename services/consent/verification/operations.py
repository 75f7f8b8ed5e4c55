"""Going through the ledger, piece by piece, and saying where it is not what it was (design 3.4)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.consent.checkpoints import repository
from services.consent.checkpoints.cover import CHECKPOINTS, add, as_text, content_of, part_of
from services.consent.checkpoints.signature import Statement, statement_of
from services.consent.decisions.operations import DecisionParts
from services.consent.ledger.chain import (
    CUT_OFF,
    NOT_READABLE,
    START,
    Fault,
    LedgerKey,
    Link,
    fault_at,
    find_fault,
)
from services.consent.ledger.officers import is_partnership_officer
from services.consent.ledger.receipts import chained_content
from services.consent.ledger.repository import agency_chain
from services.consent.verification.progress import Progress
from shared.database import ReadSession, Store, open_store
from shared.identity import Caller
from shared.problems import forbidden, invalid

Keys = Mapping[str, LedgerKey]

RECEIPTS_AT_ONCE = 200
_CHAINS_AT_ONCE = 100
_PIECES_AT_ONCE = 20
NOT_COVERED = "what the checkpoints cover is not what stands in the ledger"
NOT_AS_HELD = "the checkpoint that is held elsewhere does not fit what stands in the ledger"
NOT_KNOWN = "the checkpoint that is held elsewhere is not among those that were made here"
NOT_OURS = "this is no checkpoint that one of these keys signed"
_UNREADABLE = (ValueError, TypeError, AttributeError)
"""SQLite stores whatever it is given; one such value must not keep the rest from being looked at."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and what of it is broken."""

    chains: int
    receipts: int
    faults: list[Fault]


def begin(session: ReadSession, held: Statement | None, only: str | None = None) -> Progress:
    """The start of a verification of everything, or of ``only`` one chain.

    What is written while it goes on is looked at as far as it comes by. Of checkpoints, those count that are
    there now.
    """
    if only is not None:
        return Progress(only=only)
    last = repository.last_checkpoint(session)
    known = repository.checkpoint_of(session, held.id) if held else None
    return Progress(
        held=held.root if held else None,
        held_at=known.seq if known else 0,
        up_to=last.seq if last else 0,
    )


def go_on(
    session: ReadSession, keys: Keys, progress: Progress, at_once: int = RECEIPTS_AT_ONCE
) -> tuple[Progress, list[Fault]]:
    """One piece more, of about so many receipts. Gives where it stands, and the faults of this piece."""
    walk = _Walk(session, keys, progress)
    walk.go_on(at_once)
    return walk.progress(), walk.faults


class _Walk:
    """One piece of the way through the ledger; from a ``Progress``, and back to one."""

    def __init__(self, session: ReadSession, keys: Keys, before: Progress) -> None:
        self.session, self.keys, self.before = session, keys, before
        self.faults: list[Fault] = []
        self.chain, self.seq, self.previous, self.inside = (
            before.chain, before.seq, before.previous, before.inside
        )  # fmt: skip
        self.held_sum, self.later_sum = int(before.held_sum, 16), int(before.later_sum, 16)
        self.chains, self.receipts, self.done = before.chains, before.receipts, before.done

    def progress(self) -> Progress:
        return self.before.model_copy(
            update={
                "chain": self.chain,
                "seq": self.seq,
                "previous": self.previous,
                "inside": self.inside,
                "held_sum": as_text(self.held_sum),
                "later_sum": as_text(self.later_sum),
                "chains": self.chains,
                "receipts": self.receipts,
                "faults": self.before.faults + len(self.faults),
                "done": self.done,
            }
        )

    def go_on(self, left: int) -> None:
        if self.inside:
            left -= self._go_through(left)
        while left > 0 and not self.inside and not self.done:
            chains = repository.chains_after(self.session, self.chain, self.before.only, _CHAINS_AT_ONCE)
            for chain in chains:
                self.chain, self.seq, self.previous, self.inside = chain, 0, START, True
                left -= 1 + self._go_through(left)
                if left <= 0 or self.inside:
                    break
            if not chains:
                self._check_checkpoints()
                self.done = True

    def _go_through(self, limit: int) -> int:
        """Some of the chain in which the walk stands; gives how many receipts that were."""
        limit = max(limit, 1)
        try:
            looked_at, fault = self._look_at(limit)
        except _UNREADABLE:
            looked_at, fault = 0, Fault(self.chain, 0, NOT_READABLE)
        self.receipts += looked_at
        if fault is not None:
            self.faults.append(fault)
        if fault is not None or looked_at < limit:
            self.inside = False
            self.chains += 1
        return looked_at

    def _look_at(self, limit: int) -> tuple[int, Fault | None]:
        chain, before = self.chain, self.seq
        stored = repository.links_after(self.session, chain, before, limit)
        covered = repository.covered_lengths(self.session, chain) if self.before.only is None else ()
        reached = {row.length: row for row in covered if before < row.length <= before + len(stored)}
        for row, mentions in stored:
            content = chained_content(row._mapping, mentions)
            found = Link(row.seq, row.previous, row.link, row.key_id, content)
            seq = self.seq + 1
            what = fault_at(self.keys, chain, seq, self.previous, found)
            if what is not None:
                return len(stored), Fault(chain, seq, what)
            self.seq, self.previous = seq, row.link
            if seq in reached:
                self._add_covered(reached[seq], row.link)
        if len(stored) < limit and not self._is_whole(covered):
            return len(stored), Fault(chain, self.seq + 1, CUT_OFF)
        return len(stored), None

    def _is_whole(self, covered: Sequence[Any]) -> bool:
        """Whether the chain that was gone through ends where its row, its receipts and checkpoints say."""
        length, head, receipts = repository.ends_of(self.session, self.chain)
        # A receipt that stands at no place, or at one for the second time, was not come by.
        return (
            (length, head, receipts) == (self.seq, self.previous, self.seq)
            # Of a checkpoint that is gone nothing can be said here; the sum will not fit.
            and all(row.length <= self.seq for row in covered if row.id is not None)
        )

    def _add_covered(self, row: Any, link: str) -> None:
        """Add to the sums what a checkpoint covers here, by the link that really stands there."""
        key = self.keys.get(row.key_id)
        if row.seq is None or row.seq > self.before.up_to or key is None:
            return
        part = part_of(key, row.id, self.chain, row.length, link)
        if row.seq <= self.before.held_at:
            self.held_sum = add(self.held_sum, part)
        else:
            self.later_sum = add(self.later_sum, part)

    def _check_checkpoints(self) -> None:
        """The chain of checkpoints itself, and that they cover what was found."""
        if self.before.only is not None:
            return
        try:
            fault = self._fault_of_checkpoints()
        except _UNREADABLE:
            fault = Fault(CHECKPOINTS, 0, NOT_READABLE)
        if fault is not None:
            self.faults.append(fault)

    def _fault_of_checkpoints(self) -> Fault | None:
        asked = self.before
        rows = [row for row in repository.checkpoints_in_order(self.session) if row.seq <= asked.up_to]
        links = [
            Link(row.seq, row.previous, row.link, row.key_id, content_of(row.id, row.at, row.total))
            for row in rows
        ]
        head = rows[-1].link if rows else START
        fault = find_fault(self.keys, CHECKPOINTS, links, asked.up_to, head)
        if fault is not None:
            return fault
        if asked.held is not None:
            if not asked.held_at:
                return Fault(CHECKPOINTS, 0, NOT_KNOWN)
            row = rows[asked.held_at - 1]
            if (row.link, row.total) != (asked.held, as_text(self.held_sum)):
                return Fault(CHECKPOINTS, asked.held_at, NOT_AS_HELD)
        if rows and rows[-1].total != as_text(add(self.held_sum, self.later_sum)):
            return Fault(CHECKPOINTS, asked.up_to, NOT_COVERED)
        return None


def verify_all(session: ReadSession, keys: Keys, held: Statement | None = None) -> Verified:
    """The whole ledger at one moment; against a checkpoint held elsewhere, if one is given."""
    progress, faults = begin(session, held), list[Fault]()
    while not progress.done:
        progress, found = go_on(session, keys, progress)
        faults += found
    return Verified(progress.chains, progress.receipts, faults)


def scope_of(session: ReadSession, parts: DecisionParts, caller: Caller) -> str | None:
    """The one chain that this officer may verify: that of their own agency; None for all of them.

    How many chains there are, and how long they are, is nobody's but a partnership officer's (design 3.5).
    """
    _, policy = parts.policies.in_force(session, parts.clock())
    return None if is_partnership_officer(caller, policy) else agency_chain(caller.agency)


async def verify_some(
    store: Store, keys: Keys, scope: str | None, checkpoint: str | None, progress: Progress | None
) -> tuple[Progress, list[Fault]]:
    """Some thousand receipts more, from ``progress`` on, with the faults among them.

    403 for a checkpoint from somebody who may not verify all that it covers; 422 for one that is not ours.
    """
    held = None
    if checkpoint is not None:
        if scope is not None:
            raise forbidden("Give this checkpoint to a partnership officer, who may verify all it covers.")
        held = statement_of(checkpoint, keys)
        if held is None:
            raise invalid("checkpoint", "This is no checkpoint of this ledger; send it just as it was given.")
    goes_on = progress is not None and progress.only == scope
    now = progress if progress and goes_on else await store.read(begin, held, scope)
    faults: list[Fault] = []
    for _ in range(_PIECES_AT_ONCE):
        if now.done:
            break
        now, found = await store.read(go_on, keys, now)
        faults += found
        await asyncio.sleep(0)
    return now, faults


async def verify_in_pieces(store: Store, keys: Keys, held: Statement | None = None) -> Verified:
    """The same with each piece in a transaction of its own, so that a service may run meanwhile."""
    progress, faults = await store.read(begin, held), list[Fault]()
    while not progress.done:
        progress, found = await store.read(go_on, keys, progress)
        faults += found
        await asyncio.sleep(0)
    return Verified(progress.chains, progress.receipts, faults)


def verify_database(database_url: str, keys: Keys, held: Sequence[str] = ()) -> list[Verified]:
    """From the command line, whether or not a service runs on the database: once for each checkpoint (JWS)
    held elsewhere, or once without any."""

    async def verify() -> list[Verified]:
        store = open_store(database_url)
        try:
            return [await _verify_against(store, keys, text) for text in held or (None,)]
        finally:
            await store.close()

    return asyncio.run(verify())


async def _verify_against(store: Store, keys: Keys, text: str | None) -> Verified:
    statement = statement_of(text, keys) if text is not None else None
    found = await verify_in_pieces(store, keys, statement)
    if text is not None and statement is None:
        found.faults.append(Fault(CHECKPOINTS, 0, NOT_OURS))
    return found
