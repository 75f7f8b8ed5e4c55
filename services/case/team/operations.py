"""Joining and leaving the team: what gives and ends access."""

from collections.abc import Iterable

from services.case.cases import repository as cases
from services.case.cases.operations import lock, lock_open_case
from services.case.considerations.repository import end_of_user
from services.case.deputies import repository as deputies
from services.case.lead_professional import repository as leads
from services.case.meetings.operations import chair_gone
from services.case.notices.audience import for_user
from services.case.notices.repository import NewNotice, raise_notices
from services.case.team import lifecycle, repository
from services.case.vacancies.operations import lead_gone
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import forbidden, not_found
from shared.records.cases import Departure, MembershipEnding, MemberToStore


def add_member(session: WriteSession, request: WriteRequest, case: str, body: MemberToStore) -> Outcome:
    """Somebody joins, and has access from now on. Who was to take on a case that nobody works on is too late
    where somebody does meanwhile: a 404, as for everybody who has nothing to do with it."""
    lock_open_case(session, case)
    if body.takes_on and repository.agencies_at_work(session, case):
        raise not_found()
    lifecycle.must_not_be_member(repository.is_active(session, case, body.user, body.agency))
    member = repository.NewMember(
        body.user, body.name, body.agency, str(body.role), body.job_title, body.telephone
    )
    member_id = repository.add_member(session, request, case, member)
    cases.refresh_caseload(session, case, request.at)
    return {"id": member_id}


def end_membership(
    session: WriteSession, request: WriteRequest, case: str, member_id: str, body: MembershipEnding
) -> Outcome:
    """End somebody's place on the team. If they led the case it has no lead now, and the answer says so."""
    lock(session, case)
    member = repository.find_member(session, case, member_id)
    if member is None:
        raise not_found()
    lifecycle.must_be_active(member.until)
    lead_vacant = _end(session, request, member, body.reason)
    return {"id": member_id, "lead_vacant": lead_vacant}


def _end(session: WriteSession, request: WriteRequest, member: repository.Member, reason: str) -> bool:
    """End one membership and what hangs on it; whether the case lost its lead with it."""
    repository.end_membership(session, request, member.id, reason)
    leadership = leads.end_leadership(session, request, member.case, member.id, "leaving")
    leads.withdraw_open_nomination(session, request, member.case, "left_team", member=member.id)
    ended = deputies.end_all(session, member.case, request.at, "leaving", member.id)
    cases.refresh_caseload(session, member.case, request.at)
    raise_notices(session, _what_fell_vacant(session, member, leadership, ended), request.at)
    gone = chair_gone(session, member.user, member.agency, request.at, member.id, [member.case])
    raise_notices(session, gone, request.at)
    return leadership is not None


def _what_fell_vacant(
    session: WriteSession, member: repository.Member, leadership: str | None, deputies_ended: list[str]
) -> Iterable[NewNotice]:
    """Told at once: a lead's going to managers and co-ordinators, a deputy's to the lead."""
    case = member.case
    if leadership is not None:
        agencies = {member.agency, *repository.agencies_at_work(session, case)}
        yield from lead_gone(case, agencies, leadership)
    lead = leads.who_leads(session, case)
    if lead is not None:
        for deputy in deputies_ended:
            yield NewNotice(case, "deputy_gone", deputy, for_user(lead.agency, lead.user))


def depart(session: WriteSession, request: WriteRequest, user: str, body: Departure) -> Outcome:
    """Somebody leaves an agency: every place that they held for it ends in one transaction."""
    if body.agency != request.caller.agency:
        raise forbidden("Only their own agency can say that somebody has left it.")
    held = {member.case for member in repository.active_memberships(session, user, body.agency)}
    cases.lock_cases(session, held)
    members = [m for m in repository.active_memberships(session, user, body.agency) if m.case in held]
    reason = body.reason or "left_agency"
    end_of_user(session, body.agency, user, request.at)
    without_lead = [m.case for m in members if _end(session, request, m, reason)]
    # Of meetings in cases on whose team they were not, such as a panel's, this is said here alone.
    elsewhere = chair_gone(session, user, body.agency, request.at, "departure")
    raise_notices(session, [one for one in elsewhere if one.case not in held], request.at)
    return {"memberships_ended": len(members), "cases_without_lead": without_lead}
