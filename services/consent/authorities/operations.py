"""What happens to authorities: recorded once, named by answers, ended."""

from collections.abc import Sequence
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.authorities import repository
from services.consent.bars.repository import without_barred
from services.consent.consents.audience import Reader, may_see_authority
from services.consent.consents.authority import TAKES_AWAY
from services.consent.consents.repository import limit_say
from services.consent.ledger.repository import lock_case_chain
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, invalid, not_found
from shared.records.authorities import AuthorityEnding, NewAuthority


def record_authority(session: WriteSession, request: WriteRequest, case: str, new: NewAuthority) -> Outcome:
    """Record an authority. A court order that takes somebody's say away counts at once, or from its start."""
    lock_case_chain(session, case)
    if new.valid_until is not None and new.valid_until <= request.at:
        raise invalid("valid_until", "This authority would be over already.")
    if new.holder_agency is not None and unknown_agencies(session, [new.holder_agency]):
        raise invalid("holder_agency", "This agency is not in the partnership.")
    authority = new_id()
    repository.add_authority(
        session,
        id=authority,
        case_id=case,
        kind=new.kind.value,
        effect=new.effect,
        subject=new.subject,
        holder=new.holder,
        holder_agency=new.holder_agency,
        document=new.document,
        covers=sorted(new.covers),
        verified_by=new.verified_by,
        note=new.note,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        recorded_at=request.at,
        recorded_by=request.caller.user,
        recorded_by_agency=request.caller.agency,
        ended_at=None,
        ended_by=None,
        ending_reason=None,
    )
    if new.effect == TAKES_AWAY and new.holder is not None:
        limit_say(session, new.subject, new.holder)
    return {"id": authority}


def end_authority(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    authority_id: str,
    ending: AuthorityEnding,
    reader: Reader,
) -> Outcome:
    """End an authority before its time. What was given under it ends with it."""
    lock_case_chain(session, case)
    authority = repository.authority_to_end(session, case, authority_id)
    if authority is None or not authorities_told(session, [authority], reader):
        raise not_found()
    if authority.ended_at is not None:
        raise conflict("This authority has been ended already.")
    authority.ended_at = request.at
    authority.ended_by = request.caller.user
    authority.ending_reason = ending.reason
    return {"id": authority.id}


def list_authorities(session: ReadSession, case: str, reader: Reader) -> list[dict[str, Any]]:
    """The authorities recorded in a case that this reader may see, oldest first."""
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
        }
        for row in authorities_told(session, repository.authorities_of_case(session, case), reader)
    ]


def authorities_told(session: ReadSession, authorities: Sequence[Any], reader: Reader) -> list[Any]:
    """Of these authorities, those that the reader may see."""
    theirs = [row for row in authorities if may_see_authority(reader, row)]
    return without_barred(session, reader.user, reader.agency, theirs, lambda row: row.covers)
