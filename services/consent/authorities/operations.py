"""What happens to authorities: recorded once, named by answers, ended."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.alerts.concerning import authority_ended
from services.consent.alerts.repository import add_alerts
from services.consent.authorities import repository
from services.consent.authorities.giving_back import benefits_from_ending, takes_a_say_away
from services.consent.authorities.schemas import Holders
from services.consent.bars.repository import without_barred
from services.consent.consents.audience import Reader, may_see_authority
from services.consent.consents.authority import TAKES_AWAY
from services.consent.consents.repository import consents_about, limit_say
from services.consent.decision.writing import Doing, Permit, Refusal, may_write
from services.consent.ledger.repository import lock_case_chain
from services.consent.messages.operations import tell_of_what_is_shut
from services.consent.messages.shut import shut_by_end_of, shut_by_order
from services.consent.sharing_requests.repository import requests_of_agency
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import Problem, conflict, forbidden, invalid, not_found
from shared.records.authorities import AuthorityEnding, NewAuthority
from shared.vocabulary import Deed


def record_authority(session: WriteSession, request: WriteRequest, case: str, new: NewAuthority) -> Outcome:
    """Record an authority. A court order that takes somebody's say away counts at once, or from its start."""
    lock_case_chain(session, case)
    if new.valid_until is not None and new.valid_until <= request.at:
        raise invalid("valid_until", "This authority would be over already.")
    if new.holder_agency is not None and unknown_agencies(session, [new.holder_agency]):
        raise invalid("holder_agency", "This agency is not in the partnership.")
    authority = new_id()
    columns: dict[str, Any] = {
        "id": authority,
        "case_id": case,
        "kind": new.kind.value,
        "effect": new.effect,
        "subject": new.subject,
        "holder": new.holder,
        "holder_agency": new.holder_agency,
        "document": new.document,
        "covers": sorted(new.covers),
        "verified_by": new.verified_by,
        "note": new.note,
        "valid_from": new.valid_from,
        "valid_until": new.valid_until,
        "recorded_at": request.at,
        "recorded_by": request.caller.user,
        "recorded_by_agency": request.caller.agency,
        "ended_at": None,
        "ended_by": None,
        "ending_reason": None,
        "ending_reference": None,
    }
    repository.add_authority(session, **columns)
    if new.effect == TAKES_AWAY and new.holder is not None:
        limit_say(session, new.subject, new.holder)
        if new.valid_from is None or new.valid_from <= request.at:
            by_it = partial(shut_by_order, authority=columns)
            tell_of_what_is_shut(session, request.at, new.subject, by_it, new.covers)
    return {"id": authority}


def end_authority(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    authority_id: str,
    ending: AuthorityEnding,
    reader: Reader,
    holders: Holders | None,
) -> Outcome:
    """End an authority before its time. What was given under it ends with it.

    The end of a court order that took somebody's say away opens what they agreed to: it takes a reference, is
    recorded by an agency that it does not benefit (403), and told to those who hold what it opens and to
    the lead. ``holders``: None where it is not known who holds what; then no order ends (503).
    """
    lock_case_chain(session, case)
    authority = repository.authority_to_end(session, case, authority_id)
    if authority is None or not authorities_told(session, [authority], reader):
        raise not_found()
    if authority.ended_at is not None:
        raise conflict("This authority has been ended already.")
    permit = _may_end(session, authority, reader, request.at)
    if isinstance(permit, Refusal):
        raise forbidden(permit.reason)
    if takes_a_say_away(authority):
        if ending.reference is None:
            raise invalid("reference", "Say by which order or letter it ended, and where that is kept.")
        if holders is None:
            raise Problem("unavailable", "The records cannot be reached right now. Try again shortly.")
        owners = holders.of(authority.subject, authority.covers)
        add_alerts(session, authority_ended(request, case, authority.id, owners))
    else:
        given_under_it = partial(shut_by_end_of, authority=authority)
        tell_of_what_is_shut(session, request.at, authority.subject, given_under_it)
    authority.ended_at = request.at
    authority.ended_by = request.caller.user
    authority.ending_reason = ending.reason
    authority.ending_reference = ending.reference
    return {"id": authority.id}


def _may_end(session: ReadSession, authority: Any, reader: Reader, at: datetime) -> Permit | Refusal:
    """Whether the reader may end an authority that they see and that nobody has ended."""
    answers = consents_about(session, [authority.subject])
    own = sorted(reader.works_for | {reader.agency})
    requests = [row for agency in own for row in requests_of_agency(session, agency) if row.agency == agency]
    benefiting = benefits_from_ending(authority, answers, requests, at)
    return may_write(
        Deed.END_AUTHORITY,
        Doing(
            role=reader.role,
            relationship=reader.relationship,
            agency=reader.agency,
            benefits_own_agency=reader.gains_by(benefiting),
        ),
    )


def _may(session: ReadSession, authority: Any, reader: Reader, at: datetime) -> list[str]:
    ended = authority.ended_at is not None
    return [] if ended or isinstance(_may_end(session, authority, reader, at), Refusal) else ["ending"]


def list_authorities(session: ReadSession, case: str, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """The authorities recorded in a case that this reader may see, oldest first, each with what they would
    not be refused to do to it."""
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "effect": row.effect,
            "subject": row.subject,
            "holder": row.holder,
            "holder_agency": row.holder_agency,
            "document": row.document,
            "covers": row.covers,
            "verified_by": row.verified_by,
            "recorded_by_agency": row.recorded_by_agency,
            "recorded_at": rfc3339(row.recorded_at),
            "valid_from": rfc3339(row.valid_from or row.recorded_at),
            "valid_until": rfc3339(row.valid_until) if row.valid_until else None,
            "ended_at": rfc3339(row.ended_at) if row.ended_at else None,
            "may": _may(session, row, reader, at),
        }
        for row in authorities_told(session, repository.authorities_of_case(session, case), reader)
    ]


def authorities_told(session: ReadSession, authorities: Sequence[Any], reader: Reader) -> list[Any]:
    """Of these authorities, those that the reader may see."""
    theirs = [row for row in authorities if may_see_authority(reader, row)]
    return without_barred(session, reader.user, reader.agency, theirs, lambda row: row.covers)
