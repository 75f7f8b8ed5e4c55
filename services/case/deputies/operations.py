"""Naming who stands in for the lead professional, and ending it."""

from typing import Any

from services.case.cases.operations import lock, lock_open_case
from services.case.deputies import lifecycle, repository
from services.case.lead_professional import repository as leads
from services.case.lead_professional.lifecycle import must_be_on_team
from services.case.notices.audience import for_user
from services.case.notices.repository import NewNotice, clear, raise_notices
from services.case.team import repository as team
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import invalid, not_found
from shared.records.cases import NewDeputy


def name_deputy(session: WriteSession, request: WriteRequest, case: str, body: NewDeputy) -> Outcome:
    """Somebody of the team stands in for some days. They see no more for it than they did."""
    lock_open_case(session, case)
    lifecycle.check_days(body.since, body.until, request.at.date())
    member = team.find_member(session, case, body.member)
    if member is None:
        raise invalid("member", "Name a member of this case's team, by the id on the roster.")
    must_be_on_team(member.until)
    leadership = lifecycle.must_have_lead(leads.current_leadership(session, case))
    lifecycle.must_be_somebody_else(member.id, leads.current_lead(session, case))
    lifecycle.must_be_free(repository.windows_of(session, case), body.since, body.until)
    window = lifecycle.Window(body.since, body.until)
    deputy = repository.add_deputy(session, case, member.id, leadership, window)
    raise_notices(
        session, [NewNotice(case, "deputy", deputy, for_user(member.agency, member.user))], request.at
    )
    return {"id": deputy}


def end_deputy(session: WriteSession, request: WriteRequest, case: str, deputy: str) -> Outcome:
    lock(session, case)
    found = repository.find(session, case, deputy)
    if found is None:
        raise not_found()
    state = lifecycle.DEPUTY.after(found.ended_reason or lifecycle.DEPUTY.initial, "ending")
    repository.end(session, request, deputy, state)
    clear(session, deputy, request.at)
    return {"id": deputy, "state": state}


def deputies(session: ReadSession, case: str) -> dict[str, Any]:
    return {"deputies": repository.deputies_of(session, case)}
