"""What happens to releases."""

from datetime import datetime, timedelta
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.bars.repository import without_barred
from services.consent.consents.audience import Reader
from services.consent.decision.writing import Doing, Permit, Refusal, may_write
from services.consent.ledger.repository import lock_case_chain
from services.consent.releases import repository
from services.consent.releases.audience import may_see_release
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.two_keys import NewRelease, ReleaseEnding
from shared.vocabulary import Deed

LONGEST = timedelta(days=366)
"""For how long somebody may ask, and an owner release, at most."""


def record_release(session: WriteSession, request: WriteRequest, case: str, new: NewRelease) -> Outcome:
    """The owner's yes outright: the caller's agency lifts what an agreement allows one recipient."""
    lock_case_chain(session, case)
    must_be_the_owners_manager(request, request.caller.agency)
    if unknown_agencies(session, [new.recipient]):
        raise invalid("recipient", "This agency is not in the partnership.")
    if new.recipient == request.caller.agency:
        raise invalid("recipient", "Your own agency reads what it holds; name another.")
    check_end(new.valid_until, request.at)
    release = new_id()
    repository.add_release(
        session,
        case_id=case,
        sharing_request=None,
        recipient=new.recipient,
        purpose=new.purpose,
        subject=new.subject,
        **release_columns(request, release, new.categories, new.level, new.valid_until, new.reason),
    )
    return {"id": release}


def release_columns(
    request: WriteRequest, id: str, categories: Any, level: str, until: datetime, reason: str
) -> dict[str, Any]:
    """The columns that every release of the caller's agency has, in answer to a request or not."""
    return {
        "id": id,
        "owner": request.caller.agency,
        "categories": sorted(categories),
        "level": level,
        "reason": reason,
        "valid_until": until,
        "recorded_at": request.at,
        "recorded_by": request.caller.user,
        "ended_at": None,
        "ended_by": None,
        "ending_reason": None,
    }


def may_release(role: str, owner: str) -> bool:
    """Whether somebody of this agency in this role may release what it holds."""
    return isinstance(may_write(Deed.RELEASE, Doing(role, "none", owner, owner=owner)), Permit)


def must_be_the_owners_manager(request: WriteRequest, owner: str) -> None:
    """A 403 unless the caller may release what this agency holds (design 3.2)."""
    caller = request.caller
    permit = may_write(Deed.RELEASE, Doing(caller.role, "none", caller.agency, owner=owner))
    if isinstance(permit, Refusal):
        raise forbidden(permit.reason)


def check_end(until: datetime, at: datetime) -> None:
    """A 422 unless this lies ahead, and no further than what is released is looked at again."""
    if until <= at:
        raise invalid("valid_until", "This would be over already.")
    if until > at + LONGEST:
        raise invalid("valid_until", "Say an end within a year; it can be asked for again.")


def end_release(
    session: WriteSession, request: WriteRequest, case: str, release_id: str, ending: ReleaseEnding
) -> Outcome:
    """The owner takes its key back; what the release lifted is shut from now on."""
    lock_case_chain(session, case)
    release = repository.release_to_end(session, case, release_id)
    if release is None or release.owner != request.caller.agency:
        raise not_found()
    if not without_barred(session, request.caller.user, request.caller.agency, [release], _about):
        raise not_found()
    must_be_the_owners_manager(request, release.owner)
    if release.ended_at is not None:
        raise conflict("This release has been taken back already.")
    end(release, request, ending.reason)
    return {"id": release.id}


def end(release: Any, request: WriteRequest, reason: str) -> None:
    """Mark a locked release as ended now."""
    release.ended_at = request.at
    release.ended_by = request.caller.user
    release.ending_reason = reason


def list_releases(session: ReadSession, case: str, reader: Reader) -> list[dict[str, Any]]:
    """The releases of a case that the reader may see, oldest first."""
    return [
        {
            "id": row.id,
            "sharing_request": row.sharing_request,
            "owner": row.owner,
            "recipient": row.recipient,
            "subject": row.subject,
            "categories": row.categories,
            "level": row.level,
            "purpose": row.purpose,
            "reason": row.reason,
            "recorded_at": rfc3339(row.recorded_at),
            "valid_until": rfc3339(row.valid_until),
            "ended_at": rfc3339(row.ended_at) if row.ended_at else None,
        }
        for row in without_barred(session, reader.user, reader.agency, _told(session, case, reader), _about)
    ]


def _told(session: ReadSession, case: str, reader: Reader) -> list[Any]:
    return [row for row in repository.releases_of_case(session, case) if may_see_release(reader, row)]


def _about(release: Any) -> list[str]:
    categories: list[str] = release.categories
    return categories
