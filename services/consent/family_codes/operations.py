"""What happens to the codes by which somebody of a family comes in (decision 31)."""

from datetime import datetime, timedelta
from typing import Any

from services.consent.agencies.repository import suspended_among
from services.consent.bars.repository import bars_concerning
from services.consent.family_codes import repository
from services.consent.ledger.repository import lock_case_chain
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import conflict, not_found
from shared.records.family_codes import FamilyCodeToStore, Redemption, Seat

CODE_IS_GOOD_FOR = timedelta(hours=24)
VISIT_LASTS = timedelta(minutes=30)
Visitor = dict[str, Any]
Found = Any
"""A row of the table of codes."""


def make_code(session: WriteSession, request: WriteRequest, case: str, new: FamilyCodeToStore) -> Outcome:
    """Make a code for somebody; whatever they had in this case before is over."""
    lock_case_chain(session, case)
    if repository.is_known(session, new.id, new.code):
        raise conflict("This code was made already. Make another one.")
    agency = repository.family_agency(session)
    if agency is None:
        raise conflict("No agency stands for families in this partnership. Ask its office to add one.")
    repository.end_codes_of(session, case, new.person, request.at)
    good_until = request.at + CODE_IS_GOOD_FOR
    repository.add_code(
        session,
        id=new.id,
        case_id=case,
        person=new.person,
        people=sorted({*new.people, new.person}),
        agency=agency,
        code=new.code,
        made_at=request.at,
        made_by=request.caller.user,
        made_by_agency=request.caller.agency,
        good_until=good_until,
        visit=None,
        visit_until=None,
        ended_at=None,
    )
    return {"id": new.id, "good_until": rfc3339(good_until)}


def whose_code(session: ReadSession, digest: str, at: datetime) -> Visitor | None:
    """Whom a code stands for that nobody has used; None for every other."""
    found = repository.by_code(session, digest)
    if found is None or found.visit is not None or at >= found.good_until:
        return None
    return _visitor(session, found, found.good_until, at)


def whose_visit(session: ReadSession, digest: str, at: datetime) -> Visitor | None:
    """Whose visit this is, while it lasts; asked at every request, so that what ends it ends it at once."""
    found = repository.by_visit(session, digest)
    if found is None or found.visit_until is None or at >= found.visit_until:
        return None
    return _visitor(session, found, found.visit_until, at)


def redeem(session: WriteSession, request: WriteRequest, code: str, redemption: Redemption) -> Outcome:
    """Begin the one visit of a code. 404 where it was used, is over or does not work any more, or whoever
    gave it has left the team."""
    found = repository.to_redeem(session, code)
    if found is None or found.visit is not None or request.at >= found.good_until:
        raise not_found()
    if Seat(user=found.made_by, agency=found.made_by_agency) not in redemption.team:
        raise not_found()
    until = request.at + VISIT_LASTS
    if _visitor(session, found, until, request.at) is None:
        raise not_found()
    found.visit, found.visit_until = redemption.visit, until
    return {"id": found.id, "case": found.case_id, "person": found.person, "until": rfc3339(until)}


def _visitor(session: ReadSession, found: Found, until: datetime, at: datetime) -> Visitor | None:
    if found.ended_at is not None or not _may_come_in(session, found, at):
        return None
    return {
        "id": found.id,
        "case": found.case_id,
        "person": found.person,
        "agency": found.agency,
        "until": rfc3339(until),
    }


def _may_come_in(session: ReadSession, found: Found, at: datetime) -> bool:
    """Not while anything is barred about anybody of the case, nor while somebody else's word keeps a named
    person out: bars and exclusions name users, and whoever comes by a code has no user that they could name.
    Nor while whoever gave it is suspended or kept out by name: they know it.
    """
    if any(bar.lifted_at is None for bar in bars_concerning(session, found.people)):
        return False
    stopped = suspended_among(session, [found.made_by])
    if not stopped.isdisjoint({(found.made_by, None), (found.made_by, found.made_by_agency)}):
        return False
    return not any(
        said.users
        and (said.giver != found.person or found.made_by in said.users)
        and said.lifted_at is None
        and (said.valid_until is None or said.valid_until > at)
        for said in repository.exclusions_of_users(session, found.people)
    )
