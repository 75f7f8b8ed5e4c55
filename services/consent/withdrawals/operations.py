"""A withdrawal as it is heard: written down by any member, whether or not they may see what it ends."""

from typing import Any

from services.consent.consents import repository
from services.consent.consents.operations import end_answer, refuse_unless_in_own_name
from services.consent.consents.schemas import SpokenWithdrawalToRecord
from services.consent.decisions.operations import DecisionParts
from services.consent.ledger.repository import lock_case_chain
from services.consent.withdrawals.scope import Part, split
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.vocabulary import Answer, ConsentKind


def record_spoken_withdrawal(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    withdrawal: SpokenWithdrawalToRecord,
) -> Outcome:
    """End every permission that its words reach: of theirs, or about them. The outcome tells of none.

    What they gave in another case ends too, because a yes to sharing is theirs wherever they are met; taking
    part is of one case.
    """
    refuse_unless_in_own_name(request.caller, withdrawal.withdrawn_by, Answer.REFUSED)
    everywhere = {
        row.case_id
        for row in repository.consents_about(session, [withdrawal.subject])
        if row.kind == withdrawal.kind
    }
    for place in sorted({case, *everywhere}):
        lock_case_chain(session, place)
    for consent in repository.permissions_to_withdraw(session, withdrawal.subject, withdrawal.kind):
        theirs = withdrawal.withdrawn_by in (consent.giver, consent.subject)
        if theirs and (consent.kind == ConsentKind.SHARE or consent.case_id == case):
            _end(session, request, parts, consent, withdrawal)
    heard = new_id()
    repository.add_spoken_withdrawal(
        session,
        id=heard,
        case_id=case,
        kind=withdrawal.kind,
        subject=withdrawal.subject,
        withdrawn_by=withdrawal.withdrawn_by,
        recipients=None if withdrawal.recipients is None else sorted(withdrawal.recipients),
        categories=None if withdrawal.categories is None else sorted(withdrawal.categories),
        note=withdrawal.note,
        recorded_at=request.at,
        recorded_by=request.caller.user,
        recorded_by_agency=request.caller.agency,
    )
    return {"id": heard}


def _end(
    session: WriteSession,
    request: WriteRequest,
    decisions: DecisionParts,
    consent: Any,
    withdrawal: SpokenWithdrawalToRecord,
) -> None:
    """End a permission, and store what the words did not reach as a permission that goes on."""
    if consent.kind == ConsentKind.TAKE_PART:
        end_answer(session, request, decisions, consent, withdrawal, withdrawal.in_charge)
        return
    parts = split(consent.recipients, consent.categories, withdrawal)
    if parts.ended is None:
        return
    for left in parts.left:
        _store_what_is_left(session, request, consent, left)
    end_answer(session, request, decisions, consent, withdrawal, withdrawal.in_charge, parts.ended)


def _store_what_is_left(session: WriteSession, request: WriteRequest, consent: Any, left: Part) -> None:
    repository.add_consent(
        session,
        **{
            **repository.columns_of(consent),
            "id": new_id(),
            "recipients": list(left.recipients),
            "categories": list(left.categories),
            "valid_from": consent.valid_from or consent.recorded_at,
            "recorded_at": request.at,
            "continues": consent.continues or consent.id,
        },
    )
