"""SQL for checkpoints, and for going through the ledger piece by piece."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, union

from services.consent.checkpoints.tables import Checkpoint, Covered
from services.consent.ledger.chain import START
from services.consent.ledger.repository import CONTENT_COLUMNS
from services.consent.ledger.tables import Chain, Mention, Receipt
from shared.database import ReadSession, WriteSession, insert_unless_there

Grown = tuple[str, int, str]
"""A chain that has grown: its name, length and head."""

_chain, _receipt, _mention = Chain.__table__.c, Receipt.__table__.c, Mention.__table__.c
_statement, _covered = Checkpoint.__table__.c, Covered.__table__.c
# Made once: going through a ledger asks each of them for each of its chains.
_AFTER = select(_chain.id, _chain.length, _chain.head).where(_chain.id > bindparam("after"))
_LOOKED_AT = _AFTER.order_by(_chain.id).limit(bindparam("number")).subquery()
_IS_COVERED = exists().where(_covered.chain == _LOOKED_AT.c.id, _covered.length == _LOOKED_AT.c.length)
_GROWN = select(_LOOKED_AT).where(_LOOKED_AT.c.length > 0, ~_IS_COVERED)
_FURTHER_ON = (
    select(_chain.id)
    .where(_chain.id > bindparam("after"))
    .order_by(_chain.id)
    .offset(bindparam("skipped"))
    .limit(1)
)
_ENDS = select(_chain.length, _chain.head).where(_chain.id == bindparam("chain"))
_COUNT = select(func.count()).select_from(Receipt).where(_receipt.chain == bindparam("chain"))
_LINKS_AFTER = (
    select(
        *(_receipt[column.key] for column in CONTENT_COLUMNS),
        _receipt.seq,
        _receipt.previous,
        _receipt.link,
        _receipt.key_id,
    )
    .where(_receipt.chain == bindparam("chain"), _receipt.seq > bindparam("seq"))
    .order_by(_receipt.seq)
    .limit(bindparam("number"))
)
_MENTIONS = select(_mention.receipt, _mention.kind, _mention.target).where(
    _mention.receipt.in_(bindparam("receipts", expanding=True))
)
_COVERED_LENGTHS = (
    select(_covered.length, _statement.id, _statement.seq, _statement.key_id)
    .join(Checkpoint.__table__, _statement.seq == _covered.checkpoint, isouter=True)
    .where(_covered.chain == bindparam("chain"))
    .order_by(_covered.length)
)
_LINKS = (Checkpoint.seq, Checkpoint.previous, Checkpoint.link, Checkpoint.key_id)
_CONTENT = (Checkpoint.id, Checkpoint.at, Checkpoint.total)


def last_checkpoint(session: ReadSession) -> Any | None:
    """The newest checkpoint: its place, id, link and sum."""
    newest = select(*_LINKS, *_CONTENT).order_by(Checkpoint.seq.desc()).limit(1)
    return session.execute(newest).one_or_none()


def checkpoint_of(session: ReadSession, id: str) -> Any | None:
    """The place of a checkpoint by its id, and its link as it stands here."""
    chosen = select(Checkpoint.seq, Checkpoint.link).where(Checkpoint.id == id)
    return session.execute(chosen).one_or_none()


def checkpoints_in_order(session: ReadSession) -> Sequence[Any]:
    return session.execute(select(*_LINKS, *_CONTENT).order_by(Checkpoint.seq)).all()


def add_checkpoint(session: WriteSession, **columns: Any) -> bool:
    """Store a checkpoint; false when somebody else made one in its place at this moment.

    On PostgreSQL the second of two waits here for the first to commit, and then begins again.
    """
    statement = insert_unless_there(session, Checkpoint).values(columns)
    done = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return done.rowcount == 1


def grown_chains(session: ReadSession, after: str, number: int) -> tuple[list[Grown], str | None]:
    """Of the next so many chains those of a length that no checkpoint covers yet, with their heads; and the
    chain after which to look further, if there are more."""
    asked = {"after": after, "number": number}
    connection = session.connection()
    last = connection.execute(_FURTHER_ON, {"after": after, "skipped": number - 1}).scalar_one_or_none()
    rows = connection.execute(_GROWN, asked).all()
    return [(row.id, row.length, row.head) for row in rows], last


def not_covered(session: ReadSession, grown: Sequence[Grown]) -> list[Grown]:
    """Those of these chains that are not covered up to these lengths."""
    named = [chain for chain, _, _ in grown]
    rows = session.execute(select(Covered.chain, Covered.length).where(Covered.chain.in_(named)))
    known = {(row.chain, row.length) for row in rows} if grown else set()
    return [one for one in grown if (one[0], one[1]) not in known]


def cover(session: WriteSession, checkpoint: int, grown: Sequence[Grown]) -> None:
    """Store that a checkpoint covers these chains up to their lengths."""
    rows = [{"chain": chain, "length": length, "checkpoint": checkpoint} for chain, length, _ in grown]
    if rows:
        session.connection().execute(insert(Covered), rows)


def chains_after(session: ReadSession, after: str, only: str | None, limit: int) -> list[str]:
    """The next chains that anything speaks of: a row of its own, a receipt, or a checkpoint."""
    spoken_of = [
        select(column.label("chain"))
        .where(column > after, *([column == only] if only is not None else []))
        .distinct()
        .order_by(column)
        .limit(limit)
        .subquery()
        for column in (Chain.id, Receipt.chain, Covered.chain)
    ]
    all_of_them = union(*(select(part.c.chain) for part in spoken_of)).subquery()
    chosen = select(all_of_them.c.chain).order_by(all_of_them.c.chain).limit(limit)
    return list(session.execute(chosen).scalars())


def ends_of(session: ReadSession, chain: str) -> tuple[int, str, int]:
    """Length and head by a chain's row, and how many receipts it really holds, wherever they stand."""
    asked = {"chain": chain}
    connection = session.connection()
    row = connection.execute(_ENDS, asked).one_or_none()
    receipts = connection.execute(_COUNT, asked).scalar_one()
    return (0, START, receipts) if row is None else (row.length, row.head, receipts)


def links_after(
    session: ReadSession, chain: str, seq: int, limit: int
) -> list[tuple[Any, list[tuple[str, str]]]]:
    """The receipts of a chain from a place on, each with what it mentions."""
    connection = session.connection()
    rows = connection.execute(_LINKS_AFTER, {"chain": chain, "seq": seq, "number": limit}).all()
    mentions: dict[str, list[tuple[str, str]]] = {row.id: [] for row in rows}
    named = connection.execute(_MENTIONS, {"receipts": list(mentions)}) if rows else ()
    for receipt, kind, target in named:
        mentions[receipt].append((kind, target))
    return [(row, mentions[row.id]) for row in rows]


def covered_lengths(session: ReadSession, chain: str) -> Sequence[Any]:
    """The lengths up to which checkpoints cover a chain, each with its checkpoint's id, place and key."""
    return session.connection().execute(_COVERED_LENGTHS, {"chain": chain}).all()
