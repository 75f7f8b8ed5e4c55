"""SQL for checkpoints, and for going through the ledger piece by piece."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, insert, select, union
from sqlalchemy.dialects import postgresql, sqlite

from services.consent.checkpoints.tables import Checkpoint, Covered
from services.consent.ledger.repository import CONTENT_COLUMNS
from services.consent.ledger.tables import Chain, Mention, Receipt
from shared.database import ReadSession, WriteSession

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
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Checkpoint).values(columns).on_conflict_do_nothing()
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def grown_chains(session: ReadSession, limit: int) -> Sequence[Any]:
    """Chains of a length that no checkpoint covers yet, with their heads."""
    is_covered = exists().where(Covered.chain == Chain.id, Covered.length == Chain.length)
    grown = select(Chain.id, Chain.length, Chain.head).where(Chain.length > 0, ~is_covered)
    return session.execute(grown.order_by(Chain.id).limit(limit)).all()


def cover(session: WriteSession, checkpoint: int, chains: Sequence[Any]) -> None:
    """Store that a checkpoint covers these chains up to their lengths."""
    rows = [{"chain": row.id, "length": row.length, "checkpoint": checkpoint} for row in chains]
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


def length_and_head(session: ReadSession, chain: str) -> tuple[int, str] | None:
    row = session.execute(select(Chain.length, Chain.head).where(Chain.id == chain)).one_or_none()
    return None if row is None else (row.length, row.head)


def count_of(session: ReadSession, chain: str) -> int:
    """How many receipts a chain really holds, wherever in it they stand."""
    counted = select(func.count()).select_from(Receipt).where(Receipt.chain == chain)
    return session.execute(counted).scalar_one()


def links_after(
    session: ReadSession, chain: str, seq: int, limit: int
) -> list[tuple[Any, list[tuple[str, str]]]]:
    """The receipts of a chain from a place on, each with what it mentions."""
    columns = (*CONTENT_COLUMNS, Receipt.seq, Receipt.previous, Receipt.link, Receipt.key_id)
    following = select(*columns).where(Receipt.chain == chain, Receipt.seq > seq)
    rows = session.execute(following.order_by(Receipt.seq).limit(limit)).all()
    mentions: dict[str, list[tuple[str, str]]] = {row.id: [] for row in rows}
    named = select(Mention.receipt, Mention.kind, Mention.target).where(Mention.receipt.in_(mentions))
    for receipt, kind, target in session.execute(named) if rows else ():
        mentions[receipt].append((kind, target))
    return [(row, mentions[row.id]) for row in rows]


def covered_lengths(session: ReadSession, chain: str) -> Sequence[Any]:
    """The lengths up to which checkpoints cover a chain, each with its checkpoint's id, place and key."""
    columns = (Covered.length, Checkpoint.id, Checkpoint.seq, Checkpoint.key_id)
    found = select(*columns).join(Checkpoint, Checkpoint.seq == Covered.checkpoint, isouter=True)
    return session.execute(found.where(Covered.chain == chain).order_by(Covered.length)).all()
