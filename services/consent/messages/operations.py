"""What an ended permission had released, and the messages to those who saw it (design 3.4)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.consent.bars.repository import without_barred
from services.consent.consents.audience import (
    Reader,
    is_about_harm,
    is_kept_untold,
    may_see_what_it_released,
    may_tip_off,
)
from services.consent.consents.expiry import is_standing
from services.consent.consents.repository import consent_by_id, permissions_to_withdraw
from services.consent.decision.writing import Doing, Permit, may_write
from services.consent.decisions.operations import DecisionParts
from services.consent.exclusions.repository import exclusions_about
from services.consent.ledger.operations import is_let_in
from services.consent.ledger.receipts import MENTIONS_PERSON, content_of
from services.consent.ledger.repository import Chosen, agency_chain, receipts_mentioning, record
from services.consent.messages import repository
from services.consent.messages.released import Released, released_by
from services.consent.messages.schemas import MessagesAsk
from services.consent.withdrawals.scope import Part
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import conflict, not_found
from shared.records.messages import MessageAnswer
from shared.vocabulary import ConsentKind, Deed, LedgerAction, Role
from shared.working_days import end_of_working_day

ANSWER_WITHIN_WORKING_DAYS = 5
SENTENCE = (
    "This permission has ended: take and pass on no more because of it, and tell us within five working days "
    "what you keep and why."
)
_READ_AHEAD = 200
_MAY_TIP_OFF, _FOR_SAFETY, _EXCLUDED = "may_tip_off", "for_safety", "excluded"
_READS_FOR_AGENCY = frozenset({Role.INFORMATION_OFFICER, Role.TEAM_MANAGER})


def released_under(
    session: ReadSession, at: datetime, consent: Any, part: Part | None = None
) -> list[Released]:
    """By agency what left because of a permission, or of a part of it, but for what is held back.

    What is left of a permission after a part was withdrawn goes on from the first one.
    """
    named = [consent.id] if consent.continues is None else [consent.id, consent.continues]
    whole = part or Part(tuple(consent.recipients), tuple(consent.categories))
    since = consent.recorded_at if consent.continues is None else None
    receipts = _receipts_about(session, consent.subject, Chosen(since=since, not_held_at=at))
    return released_by(receipts, named, consent.subject, whole.categories, whole.recipients)


def _receipts_about(session: ReadSession, person: str, chosen: Chosen) -> Iterator[Mapping[str, Any]]:
    place: tuple[Any, str] | None = None
    while True:
        rows = receipts_mentioning(session, [MENTIONS_PERSON], person, chosen, place, _READ_AHEAD)
        yield from (row._mapping for row in rows)
        if len(rows) < _READ_AHEAD:
            return
        place = (rows[-1].at, rows[-1].id)


def tell_of_what_is_shut(
    session: WriteSession,
    at: datetime,
    subject: str,
    shuts: Callable[[Any], Part | None],
    because: Collection[str] = (),
) -> None:
    """Write to those who saw something because of a permission about somebody that is shut now, in whatever
    case it was given, without being withdrawn: by a refusal, an order, the end of an authority or a decision.

    ``shuts``: what of a permission is shut; ``because``: the categories of what shuts it. Where either is
    about abuse or safeguarding nobody is told.
    """
    for consent in permissions_to_withdraw(session, subject, ConsentKind.SHARE.value):
        part = shuts(consent) if is_standing(consent, at) else None
        if part is not None:
            released = released_under(session, at, consent, part)
            tell_recipients(session, at, consent, released, because)


def tell_recipients(
    session: WriteSession,
    at: datetime,
    consent: Any,
    released: list[Released],
    because: Collection[str] = (),
) -> None:
    """Write to each agency that saw something; or hold it back, with the reason, where it would tip off.

    Never where the recorder says so, where what ended, or what ended it (``because``), was about abuse or
    safeguarding, or where the agency must not learn of the family any more. Who was written to about all of
    it since they last saw something is not written to again.
    """
    kept_out = _kept_out(session, consent.subject, at) if released else set()
    before = repository.messages_about(session, [consent.id]) if released else ()
    for part in released:
        if any(_tells_all_of(message, part) for message in before):
            continue
        held_back = _held_back(consent, part, kept_out)
        if held_back is None and is_about_harm(because):
            held_back = _FOR_SAFETY
        repository.add_message(
            session,
            id=new_id(),
            case_id=consent.case_id,
            consent=consent.id,
            subject=consent.subject,
            recipient=part.agency,
            users=sorted(part.users),
            categories=sorted(part.categories),
            recorded_at=at,
            sent_at=None if held_back else at,
            held_back=held_back,
            due_at=end_of_working_day(at, ANSWER_WITHIN_WORKING_DAYS),
            answered_at=None,
            answered_by=None,
            keeps=None,
            kept=None,
            why=None,
        )


def _tells_all_of(message: Any, part: Released) -> bool:
    sent = message.sent_at is not None and part.last_at <= message.sent_at
    return bool(sent and message.recipient == part.agency and part.categories <= set(message.categories))


def _kept_out(session: ReadSession, subject: str, at: datetime) -> set[tuple[str, str]]:
    """Agencies with the categories of which they are excluded. What they never saw they are not asked about,
    and that they are excluded from it must not show in a message that stays away."""
    return {
        (agency, category)
        for row in exclusions_about(session, [subject])
        if row.lifted_at is None and (row.valid_until is None or at < row.valid_until)
        for agency in row.agencies
        for category in row.categories
    }


def _held_back(consent: Any, part: Released, kept_out: set[tuple[str, str]]) -> str | None:
    if consent.may_tip_off is not None:
        return _MAY_TIP_OFF
    if may_tip_off(consent):
        return _FOR_SAFETY
    excluded = any((part.agency, category) in kept_out for category in part.categories)
    return _EXCLUDED if excluded else None


def read_released(
    session: ReadSession, case: str, consent_id: str, reader: Reader, at: datetime
) -> dict[str, Any]:
    """What left because of one permission, to whom, and what those say who were written to."""
    consent = consent_by_id(session, case, consent_id)
    if consent is None or not may_see_what_it_released(reader, consent):
        raise not_found()
    if not without_barred(session, reader.user, reader.agency, [consent], lambda row: row.categories):
        raise not_found()
    return {
        "consent": consent.id,
        "withdrawn_at": rfc3339(consent.withdrawn_at) if consent.withdrawn_at else None,
        "released": [part.as_json() for part in released_under(session, at, consent)],
        "messages": [
            _told_of(row, at)
            for row in repository.messages_about(session, [consent.id])
            if not _tells_of_exclusion(reader, row)
        ],
    }


def _tells_of_exclusion(reader: Reader, row: Any) -> bool:
    """Whether it would tell the reader that their own agency is excluded, which only its officer may know."""
    own = reader.agency == row.recipient and reader.role != Role.INFORMATION_OFFICER
    return bool(own and row.held_back == _EXCLUDED)


def _told_of(row: Any, at: datetime) -> dict[str, Any]:
    """A message as the side that sent it sees it."""
    return {
        "id": row.id,
        "agency": row.recipient,
        "sent_at": rfc3339(row.sent_at) if row.sent_at else None,
        "held_back": row.held_back,
        **_answer_to(row, at),
    }


def _answer_to(row: Any, at: datetime) -> dict[str, Any]:
    open_still = row.sent_at is not None and row.answered_at is None
    return {
        "due_at": rfc3339(row.due_at) if row.sent_at else None,
        "overdue": open_still and row.due_at <= at,
        "answered_at": rfc3339(row.answered_at) if row.answered_at else None,
        "keeps": row.keeps,
        "kept": row.kept,
        "why": row.why,
    }


def list_messages(
    session: WriteSession, parts: DecisionParts, caller: Caller, ask: MessagesAsk
) -> dict[str, Any]:
    """The messages to the caller's agency that they may read, newest first, and this read's receipt."""
    at = parts.clock()
    version, _ = parts.policies.in_force(session, at)
    shown: list[Any] = []
    place = ask.after
    while is_let_in(session, caller) and len(shown) <= ask.limit:
        rows = repository.messages_to(session, caller.agency, place, _READ_AHEAD)
        shown += _told(session, caller, rows, at)
        if len(rows) < _READ_AHEAD:
            break
        place = (rows[-1].sent_at, rows[-1].id)
    page, more = shown[: ask.limit], len(shown) > ask.limit
    own = new_id()
    content = content_of(
        id=own,
        at=at,
        caller=caller,
        action=LedgerAction.LIST,
        deed="read_messages",
        purpose=ask.purpose,
        reason=ask.reason,
        cases=[],
        policy_version=version,
        facts_version="",
    )
    mentions = {(MENTIONS_PERSON, row.subject) for row in page}
    record(session, parts.ledger_key, agency_chain(caller.agency), content, mentions)
    after = [rfc3339(page[-1].sent_at), page[-1].id] if more else None
    return {
        "messages": [_received(row, at) | {"may": _may_do(caller, row)} for row in page],
        "after": after,
        "receipt": own,
        "policy_version": version,
    }


def _told(session: ReadSession, caller: Caller, messages: Sequence[Any], at: datetime) -> list[Any]:
    """Of these messages the ones for this caller: none about whom a bar keeps from them, nor what the family
    asked that this very user is not told."""
    theirs = [row for row in messages if may_read_message(caller, row)]
    kept = without_barred(session, caller.user, caller.agency, theirs, lambda row: row.categories)
    about: dict[str, list[Any]] = {}
    for row in exclusions_about(session, sorted({row.subject for row in kept})) if kept else ():
        about.setdefault(row.subject, []).append(row)
    return [
        row
        for row in kept
        if not any(
            is_kept_untold(caller.user, exclusion, row.categories, at)
            for exclusion in about.get(row.subject, ())
        )
    ]


def may_read_message(caller: Caller, message: Any) -> bool:
    """Whoever saw something because of the permission; their manager; their information officer."""
    if message.sent_at is None or caller.agency != message.recipient:
        return False
    return caller.role in _READS_FOR_AGENCY or caller.user in message.users


def _received(row: Any, at: datetime) -> dict[str, Any]:
    """A message as the agency reads it that it was sent to."""
    return {
        "id": row.id,
        "sent_at": rfc3339(row.sent_at),
        "says": SENTENCE,
        "case": row.case_id,
        "subject": row.subject,
        "consent": row.consent,
        "categories": row.categories,
        **_answer_to(row, at),
    }


def _may_do(caller: Caller, row: Any) -> list[str]:
    doing = Doing(role=caller.role, relationship="none", agency=caller.agency)
    answers = isinstance(may_write(Deed.ANSWER_MESSAGE, doing), Permit)
    return ["answer"] if answers and row.answered_at is None else []


def answer_message(
    session: WriteSession, request: WriteRequest, message_id: str, answer: MessageAnswer
) -> Outcome:
    """Say what is kept and why; once."""
    message = repository.message_to_answer(session, message_id)
    if message is None or not _told(session, request.caller, [message], request.at):
        raise not_found()
    if message.answered_at is not None:
        raise conflict("This has been answered already.")
    message.answered_at = request.at
    message.answered_by = request.caller.user
    message.keeps = answer.keeps
    message.kept = answer.kept
    message.why = answer.why
    return {"id": message.id}
