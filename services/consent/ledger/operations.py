"""What can be asked of the ledger. Reading it is itself recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.consent.agencies.repository import agencies_named_for
from services.consent.decisions.operations import DecisionParts
from services.consent.ledger import repository
from services.consent.ledger.audience import as_seen_by
from services.consent.ledger.officers import is_partnership_officer
from services.consent.ledger.receipts import MENTIONS_ATTEMPT, MENTIONS_CASE, content_of
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import Wire
from shared.identity import Caller
from shared.ids import NOWHERE, new_id
from shared.vocabulary import LedgerAction

_READ_AHEAD = 200


class DisclosuresAsk(Wire):
    """Which receipts: of a case or a person, from a place on, at most ``limit``."""

    kind: str
    target: str
    purpose: str
    reason: str | None
    after: tuple[str, str] | None
    limit: int


def read_disclosures(
    session: WriteSession, parts: DecisionParts, caller: Caller, ask: DisclosuresAsk
) -> dict[str, Any]:
    """The receipts about a case or person that the caller may see, newest first, and this read's receipt.

    Rows are filtered before they are counted: pages are full whatever lies between (design 3.5).
    """
    at = parts.clock()
    version, policy = parts.policies.in_force(session, at)
    shown: list[dict[str, Any]] = []
    if not _is_let_in(session, caller):
        ask = ask.model_copy(update={"target": NOWHERE})
    place = _place(ask.after)
    kinds = [ask.kind]
    if is_partnership_officer(caller, policy):
        kinds.append(MENTIONS_ATTEMPT)
    while len(shown) <= ask.limit:
        rows = repository.receipts_mentioning(session, kinds, ask.target, place, _READ_AHEAD)
        for row in rows:
            receipt = dict(row._mapping)
            seen = as_seen_by(
                receipt,
                caller.role,
                caller.agency,
                caller.person,
                policy.partnership_officers,
                user=caller.user,
            )
            if seen is not None:
                shown.append({**seen, "at": rfc3339(receipt["at"])})
        if len(rows) < _READ_AHEAD:
            break
        place = (rows[-1].at, rows[-1].id)
    page, more = shown[: ask.limit], len(shown) > ask.limit
    own = new_id()
    content = content_of(
        id=own,
        at=at,
        caller=caller,
        action=LedgerAction.LIST,
        deed="read_disclosures",
        purpose=ask.purpose,
        reason=ask.reason,
        cases=[],
        policy_version=version,
        facts_version="",
    )
    mention = (ask.kind if page else MENTIONS_ATTEMPT, ask.target)
    repository.record(session, parts.ledger_key, repository.agency_chain(caller.agency), content, {mention})
    after = [page[-1]["at"], page[-1]["id"]] if more else None
    return {"disclosures": page, "after": after, "receipt": own, "policy_version": version}


def _is_let_in(session: ReadSession, caller: Caller) -> bool:
    """Whether the caller's agency is known and they are not suspended; whoever is not finds nothing."""
    own = agencies_named_for(session, caller.user, caller.agency, [caller.agency])
    return bool(own) and not own[0].user_is_suspended


def _place(after: tuple[str, str] | None) -> tuple[Any, str] | None:
    return None if after is None else (datetime.fromisoformat(after[0]), after[1])


@dataclass(frozen=True, slots=True)
class Recorded:
    """A deed done to a case, or refused, as it stands on a receipt of its own."""

    deed: str
    action: LedgerAction
    purpose: str
    reason: str | None
    case: str
    known: bool
    """Whether the case may be known to the caller; if not, the receipt is kept as an attempt."""


def record_deed(session: WriteSession, parts: DecisionParts, caller: Caller, done: Recorded) -> None:
    """Append a receipt of a deed: one that was done to the case's chain, a refusal to the agency's."""
    at = parts.clock()
    version, _ = parts.policies.in_force(session, at)
    content = content_of(
        id=new_id(),
        at=at,
        caller=caller,
        action=done.action,
        deed=done.deed,
        purpose=done.purpose,
        reason=done.reason,
        cases=[],
        policy_version=version,
        facts_version="",
    )
    refused = done.action == LedgerAction.REFUSE
    chain = repository.agency_chain(caller.agency) if refused else repository.case_chain(done.case)
    mention = (MENTIONS_CASE if done.known else MENTIONS_ATTEMPT, done.case)
    repository.record(session, parts.ledger_key, chain, content, {mention})
