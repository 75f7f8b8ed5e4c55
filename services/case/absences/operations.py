"""In which roles a lead is shown nothing by the policy that counts: their cases are vacant meanwhile."""

from collections.abc import Iterable
from datetime import datetime

from services.case.absences import repository
from services.case.absences.repository import BlindRole
from services.case.cases import repository as cases
from services.case.casework_rules import CaseworkRules
from services.case.notices.repository import NewNotice, clear, raise_notices
from services.case.team.repository import agencies_at_work
from services.case.vacancies import repository as vacancies
from services.case.vacancies.operations import LEAD_GONE, lead_gone
from shared.clock import rfc3339
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import forbidden
from shared.records.users import RolesShownNothing
from shared.vocabulary import Role


def note_roles(session: WriteSession, request: WriteRequest, body: RolesShownNothing) -> Outcome:
    """A policy was published: from its date on leads in these roles see nothing of what they lead. What has
    begun already counts at once, the rest when the clock sees that it has."""
    if request.caller.role != Role.INFORMATION_OFFICER:
        raise forbidden("Only an information officer tells what a policy shows.")
    repository.keep_roles(session, {(one.agency, one.role.value) for one in body.roles}, body.since)
    return {"told": raise_notices(session, _turned(session, request.at), request.at)}


def leads_shown_nothing(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """A case whose lead is shown nothing of it any more, for the managers at work and every co-ordinator,
    once for each policy that brings it about (a clock)."""
    return _turned(session, at)


def _turned(session: WriteSession, at: datetime) -> list[NewNotice]:
    """Put the cases of those who see nothing from now on on the list of those that nobody leads, take off it
    those of whoever sees them again; whom to tell."""
    begun, over = repository.turn(session, at)
    before, after = ({(role.agency, role.role) for role in roles} for roles in (over, begun))
    for role in over:
        if (role.agency, role.role) not in after:
            _look_anew(session, role, at)
    told = list[NewNotice]()
    for role in begun:
        for case in () if (role.agency, role.role) in before else _look_anew(session, role, at):
            told += lead_gone(case, agencies_at_work(session, case), rfc3339(role.since))
    return told


def _look_anew(session: WriteSession, role: BlindRole, at: datetime) -> list[str]:
    """Write anew which of the cases that are led in a role are vacant; these."""
    vacant = []
    # Locked in order; somebody who begins to lead meanwhile is refused in this role, or is in the first list.
    led = [case.id for case in cases.lock_cases(session, repository.led_in(session, role))]
    for case in led:
        cases.refresh_caseload(session, case, at)
        if vacancies.is_listed(session, case):
            vacant.append(case)
        else:
            clear(session, case, at, ["lead_vacant", LEAD_GONE])
    return vacant
