"""SQL for chains and receipts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.consent.ledger.chain import START, LedgerKey, link
from services.consent.ledger.receipts import MENTIONS_CASE, chained_content
from services.consent.ledger.tables import Chain, Mention, Receipt
from shared.database import ReadSession, WriteSession

_chain = Chain.__table__.c
_LOCKED = select(_chain.length, _chain.head).where(_chain.id == bindparam("chain")).with_for_update()
_MOVE_HEAD = (
    update(Chain)
    .where(_chain.id == bindparam("chain"))
    .values(length=bindparam("new_length"), head=bindparam("new_head"))
)
_NEW_RECEIPT = insert(Receipt)
_NEW_MENTION = insert(Mention)
CONTENT_COLUMNS = (
    Receipt.id,
    Receipt.at,
    Receipt.user,
    Receipt.user_name,
    Receipt.agency,
    Receipt.on_behalf_of,
    Receipt.role,
    Receipt.action,
    Receipt.deed,
    Receipt.purpose,
    Receipt.reason,
    Receipt.cases,
    Receipt.policy_version,
    Receipt.facts_version,
)


def case_chain(case: str) -> str:
    return f"case:{case}"


def agency_chain(agency: str) -> str:
    return f"agency:{agency}"


def lock_case_chain(session: WriteSession, case: str) -> None:
    """Take the lock under which facts about a case change and decisions about it are made (design 3.3)."""
    lock_chain(session, case_chain(case))


def lock_chain(session: WriteSession, chain: str) -> tuple[int, str]:
    """Lock a chain's row until the transaction ends; gives length and head. Begins a chain that is new."""
    connection = session.connection()
    row = connection.execute(_LOCKED, {"chain": chain}).one_or_none()
    if row is None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        begin = dialect.insert(Chain).values(id=chain, length=0, head=START)
        connection.execute(begin.on_conflict_do_nothing())
        row = connection.execute(_LOCKED, {"chain": chain}).one()
    return row.length, row.head


def record(
    session: WriteSession,
    key: LedgerKey,
    chain: str,
    content: Mapping[str, Any],
    mentions: Iterable[tuple[str, str]],
    locked: tuple[int, str] | None = None,
) -> None:
    """Append a receipt to ``chain``: the one way anything enters the ledger.

    ``locked`` is what ``lock_chain`` gave if the transaction holds this chain's lock already.
    """
    length, head = locked or lock_chain(session, chain)
    seq, named = length + 1, sorted(mentions)
    sealed = link(key, chain, seq, head, chained_content(content, named))
    place = {"chain": chain, "seq": seq, "key_id": key.key_id, "previous": head, "link": sealed}
    connection = session.connection()
    connection.execute(_NEW_RECEIPT, {**content, **place})
    rows = [{"receipt": content["id"], "kind": kind, "target": target} for kind, target in named]
    if rows:
        connection.execute(_NEW_MENTION, rows)
    connection.execute(_MOVE_HEAD, {"chain": chain, "new_length": seq, "new_head": sealed})


def receipts_of_cases(
    session: ReadSession, cases: Collection[str], actions: Collection[str], since: datetime
) -> Sequence[Any]:
    """The receipts of these actions, and of no deed, that speak of any of these cases, from a moment on."""
    mentioning = select(Mention.receipt).where(Mention.kind == MENTIONS_CASE, Mention.target.in_(cases))
    statement = select(Receipt.user, Receipt.agency, Receipt.role, Receipt.purpose, Receipt.cases).where(
        Receipt.id.in_(mentioning),
        Receipt.at >= since,
        Receipt.action.in_(actions),
        Receipt.deed.is_(None),
    )
    return session.execute(statement).all()


def receipts_mentioning(
    session: ReadSession, kinds: Collection[str], target: str, after: tuple[Any, str] | None, limit: int
) -> Sequence[Any]:
    """Receipts that speak of a case or person, newest first, from after (moment, id) on."""
    statement = (
        select(*CONTENT_COLUMNS)
        .join(Mention, Mention.receipt == Receipt.id)
        .where(Mention.kind.in_(kinds), Mention.target == target)
        .order_by(Receipt.at.desc(), Receipt.id.desc())
        .limit(limit)
    )
    if after is not None:
        moment, last = after
        statement = statement.where(or_(Receipt.at < moment, (Receipt.at == moment) & (Receipt.id < last)))
    return session.execute(statement).all()
