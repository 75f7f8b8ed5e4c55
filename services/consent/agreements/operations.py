"""What happens to agreements."""

from typing import Any

from services.consent.agencies.repository import agencies_named
from services.consent.agreements import repository
from services.consent.decision.policy import Policy
from services.consent.decisions.operations import DecisionParts
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.agencies import NewAgreement
from shared.vocabulary import SENSITIVE, Level


def list_agreements(session: ReadSession, caller: Caller) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "owner": row.owner,
            "recipient": row.recipient,
            "purpose": row.purpose,
            "title": row.title,
            "text": row.text,
            "rows": row.rows,
            "valid_from": rfc3339(row.valid_from),
            "valid_until": rfc3339(row.valid_until),
            "ended_at": rfc3339(row.ended_at) if row.ended_at else None,
            "recorded_at": rfc3339(row.recorded_at),
            "may": ["end"] if row.ended_at is None and is_party(caller, row) else [],
        }
        for row in repository.all_agreements(session)
    ]


def is_party(caller: Caller, agreement: Any) -> bool:
    return caller.agency in (agreement.owner, agreement.recipient)


def record_agreement(
    session: WriteSession, request: WriteRequest, parts: DecisionParts, new: NewAgreement
) -> Outcome:
    """Record an agreement. Only an officer of the agency that gives the information may (design 3.2)."""
    if new.owner != request.caller.agency:
        raise forbidden("An agreement is recorded by the agency whose information it opens.")
    found = agencies_named(session, [new.recipient])
    if not found:
        raise invalid("recipient", "This agency is not in the partnership; add it first.")
    _refuse_force_without_duty(parts.policies.in_force(session, request.at)[1], found[0].kind, new)
    if new.valid_until <= request.at:
        raise invalid("valid_until", "This agreement would be over already.")
    agreement = new_id()
    repository.add_agreement(
        session,
        id=agreement,
        owner=new.owner,
        recipient=new.recipient,
        purpose=new.purpose.value,
        title=new.title,
        text=new.text,
        rows=[row.model_dump(mode="json") for row in new.rows],
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        ended_at=None,
        recorded_at=request.at,
        recorded_by=request.caller.user,
        recorded_by_agency=request.caller.agency,
    )
    return {"id": agreement}


def _refuse_force_without_duty(policy: Policy, kind: str, new: NewAgreement) -> None:
    """What keeps a policy from approval is not put in force between two agencies either: something sensitive
    that no family can stop, for a kind of agency without a statutory duty (``policies.lint``)."""
    if kind in policy.statutory_kinds:
        return
    for place, row in enumerate(new.rows):
        forced = row.mode == "mandatory" and Level.from_word(row.base) >= Level.SUMMARY
        if forced and row.category in SENSITIVE:
            raise invalid(
                f"rows.{place}.mode",
                "This agency has no statutory duty, so something sensitive cannot be mandatory for it above "
                "existence. Let the family object, or ask for their permission.",
            )


def end_agreement(session: WriteSession, request: WriteRequest, agreement_id: str) -> Outcome:
    """End an agreement now; either party may."""
    agreement = repository.agreement_to_end(session, agreement_id)
    if agreement is None:
        raise not_found()
    if not is_party(request.caller, agreement):
        raise forbidden("An agreement is ended by one of its two agencies.")
    if agreement.ended_at is not None:
        raise conflict("This agreement has ended already.")
    agreement.ended_at = request.at
    return {"id": agreement.id}
