"""Appending a receipt to a locked chain: the one way anything enters the ledger."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.consent.ledger import repository
from services.consent.ledger.chain import LedgerKey, link
from services.consent.ledger.receipts import chained_content
from shared.database import WriteSession


def record(
    session: WriteSession,
    key: LedgerKey,
    chain: str,
    content: Mapping[str, Any],
    mentions: Iterable[tuple[str, str]],
) -> None:
    """Append a receipt to ``chain``, taking the chain's lock if the transaction has not got it yet."""
    length, head = repository.lock_chain(session, chain)
    seq = length + 1
    sealed = link(key, chain, seq, head, chained_content(content))
    place = {"chain": chain, "seq": seq, "key_id": key.key_id, "previous": head, "link": sealed}
    repository.append(session, {**content, **place}, mentions)
