"""What happens to decisions not to share. They are a record: what may be seen is decided without them."""

from datetime import timedelta
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.bars.repository import without_barred
from services.consent.consents.audience import Reader
from services.consent.non_disclosures import repository
from services.consent.releases.audience import speaks_for_agency
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.two_keys import NewNonDisclosure

LONGEST_WITHOUT_REVIEW = timedelta(days=366)
AWAITING, CONFIRMED = "awaiting_confirmation", "confirmed"


def record_non_disclosure(
    session: WriteSession, request: WriteRequest, case: str, new: NewNonDisclosure
) -> Outcome:
    """Record that the caller's agency decided not to share; somebody else of it is to confirm."""
    if unknown_agencies(session, new.from_agencies):
        raise invalid("from_agencies", "One of these agencies is not in the partnership.")
    today = request.at.date()
    if new.review_on <= today:
        raise invalid("review_on", "Say a day ahead on which this is looked at again.")
    if new.review_on > today + LONGEST_WITHOUT_REVIEW:
        raise invalid("review_on", "Say a day within a year; it can be decided again then.")
    decision = new_id()
    repository.add_non_disclosure(
        session,
        id=decision,
        case_id=case,
        subject=new.subject,
        agency=request.caller.agency,
        categories=sorted(new.categories),
        from_agencies=sorted(new.from_agencies),
        from_users=sorted(new.from_users),
        reason=new.reason,
        review_on=new.review_on,
        recorded_at=request.at,
        recorded_by=request.caller.user,
        recorded_by_name=request.caller.name,
        confirmed_at=None,
        confirmed_by=None,
        confirmed_by_name=None,
    )
    return {"id": decision, "state": AWAITING}


def confirm(session: WriteSession, request: WriteRequest, case: str, decision: str) -> Outcome:
    """The second person's word, of the same agency. 404 for another agency's decision."""
    decided = repository.non_disclosure_to_confirm(session, case, request.caller.agency, decision)
    if decided is None:
        raise not_found()
    if not without_barred(session, request.caller.user, request.caller.agency, [decided], _about):
        raise not_found()
    if decided.confirmed_by is not None:
        raise conflict("This decision has been confirmed already.")
    if decided.recorded_by == request.caller.user:
        raise forbidden("Somebody else of your agency must confirm this; ask a colleague.")
    decided.confirmed_at = request.at
    decided.confirmed_by = request.caller.user
    decided.confirmed_by_name = request.caller.name
    return {"id": decision, "state": CONFIRMED}


def list_non_disclosures(session: ReadSession, case: str, reader: Reader) -> list[dict[str, Any]]:
    """What the reader's own agency decided not to share, oldest first; nobody else's."""
    if not speaks_for_agency(reader):
        return []
    decided = repository.non_disclosures_of(session, case, reader.agency)
    return [
        {
            "id": row.id,
            "subject": row.subject,
            "categories": row.categories,
            "from_agencies": row.from_agencies,
            "from_users": row.from_users,
            "reason": row.reason,
            "review_on": row.review_on.isoformat(),
            "recorded_at": rfc3339(row.recorded_at),
            "recorded_by": row.recorded_by_name,
            "state": AWAITING if row.confirmed_at is None else CONFIRMED,
            "confirmed_at": rfc3339(row.confirmed_at) if row.confirmed_at else None,
            "confirmed_by": row.confirmed_by_name,
        }
        for row in without_barred(session, reader.user, reader.agency, decided, _about)
    ]


def _about(decision: Any) -> list[str]:
    categories: list[str] = decision.categories
    return categories
