"""Nominating, accepting, refusing: exactly one lead professional, whoever else is trying (design 1.3)."""

from services.case.cases import repository as cases
from services.case.cases.operations import lock, lock_open_case
from services.case.lead_professional import lifecycle, repository
from services.case.notices.audience import for_user
from services.case.notices.repository import NewNotice, raise_notices
from services.case.team import repository as team
from shared.clock import rfc3339
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import forbidden, invalid, not_found
from shared.records.cases import NewNomination, NominationRefusal


def nominate(session: WriteSession, request: WriteRequest, case: str, body: NewNomination) -> Outcome:
    lock_open_case(session, case)
    member = team.find_member(session, case, body.member)
    if member is None:
        raise invalid("member", "Name a member of this case's team, by the id on the roster.")
    lifecycle.must_be_on_team(member.until)
    lifecycle.must_not_lead_already(repository.current_lead(session, case), member.id)
    lifecycle.must_be_nobody_asked(len(repository.open_nominations(session, case)))
    nomination = repository.add_nomination(session, request, case, member.id)
    waiting = NewNotice(case, "nomination", nomination, for_user(member.agency, member.user))
    raise_notices(session, [waiting], request.at)
    return {"id": nomination, "state": "nominated"}


def accept(session: WriteSession, request: WriteRequest, case: str, nomination: str) -> Outcome:
    """The nominee leads from this instant; whoever led until now stops at the same instant."""
    lock_open_case(session, case)
    nominee = _nomination(session, case, nomination)
    lifecycle.must_be_nominee(request.caller, nominee.user, nominee.agency)
    lifecycle.must_be_open(nominee.state)
    lifecycle.must_be_on_team(nominee.until)
    earlier = repository.current_lead(session, case)
    if earlier is not None:
        repository.end_leadership(session, request, case, earlier, "handover")
    repository.answer(session, request, nomination, "accepted")
    repository.start_leadership(session, request, case, nomination, nominee.member)
    cases.refresh_caseload(session, case)
    return {
        "id": nomination,
        "state": "accepted",
        "lead_since": rfc3339(request.at),
        "handover": earlier is not None,
        "takes_away": earlier is not None,
    }


def refuse(
    session: WriteSession, request: WriteRequest, case: str, nomination: str, body: NominationRefusal
) -> Outcome:
    lock(session, case)
    nominee = _nomination(session, case, nomination)
    lifecycle.must_be_nominee(request.caller, nominee.user, nominee.agency)
    lifecycle.must_be_open(nominee.state)
    repository.answer(session, request, nomination, "refused", body.reason)
    return {"id": nomination, "state": "refused"}


def withdraw(session: WriteSession, request: WriteRequest, case: str, nomination: str) -> Outcome:
    """Take a nomination back: any member of the team may, so that silence never blocks the next one."""
    lock(session, case)
    nominee = _nomination(session, case, nomination)
    lifecycle.must_be_open(nominee.state)
    if not team.is_active(session, case, request.caller.user, request.caller.agency):
        raise forbidden("Only somebody on the team of this case can withdraw a nomination.")
    repository.answer(session, request, nomination, "withdrawn")
    return {"id": nomination, "state": "withdrawn"}


def _nomination(session: WriteSession, case: str, nomination: str) -> repository.Nominee:
    nominee = repository.find_nominee(session, case, nomination)
    if nominee is None:
        raise not_found()
    return nominee
