"""Nominating, accepting, refusing, objecting: exactly one lead, whoever else is trying (design 1.3)."""

from services.case.caseloads import repository as caseloads
from services.case.cases import repository as cases
from services.case.cases.operations import lock, lock_open_case
from services.case.lead_professional import lifecycle, repository
from services.case.notices.audience import for_role, for_user
from services.case.notices.repository import NewNotice, clear, raise_notices
from services.case.team import repository as team
from shared.clock import rfc3339
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import forbidden, invalid, not_found
from shared.records.cases import NewNomination, NominationObjection, NominationRefusal
from shared.vocabulary import Role


def nominate(session: WriteSession, request: WriteRequest, case: str, body: NewNomination) -> Outcome:
    lock_open_case(session, case)
    member = team.find_member(session, case, body.member)
    if member is None:
        raise invalid("member", "Name a member of this case's team, by the id on the roster.")
    lifecycle.must_be_on_team(member.until)
    lifecycle.must_not_lead_already(repository.current_lead(session, case), member.id)
    lifecycle.must_be_nobody_asked(len(repository.open_nominations(session, case)))
    others = team.others_ever(session, case, member.user)
    lifecycle.must_not_stand_alone(request.caller.user, member.user, others=others)
    load = caseloads.load_of(session, member.agency, member.user)
    weight = caseloads.weight_of(session, case)
    because = lifecycle.must_fit(load.current, weight, load.cap, body.exceeds_cap_because)
    nomination = repository.add_nomination(session, request, case, member.id, body.by, because)
    waiting = NewNotice(case, "nomination", nomination, for_user(member.agency, member.user))
    raise_notices(session, [waiting], request.at)
    return {"id": nomination, "state": "nominated"}


def accept(session: WriteSession, request: WriteRequest, case: str, nomination: str) -> Outcome:
    """The nominee leads from this instant; whoever led until now stops at the same instant.

    Who nominated themselves while they were the whole team, and is not any more, is nominated anew.
    """
    lock_open_case(session, case)
    nominee = _nomination(session, case, nomination)
    lifecycle.must_be_nominee(request.caller, nominee.user, nominee.agency)
    state = lifecycle.NOMINATION.after(nominee.state, "acceptance")
    lifecycle.must_be_on_team(nominee.until)
    others = team.others_ever(session, case, nominee.user)
    lifecycle.must_not_stand_alone(nominee.by_user, nominee.user, others=others)
    earlier = repository.current_lead(session, case)
    if earlier is not None:
        repository.end_leadership(session, request, case, earlier, "handover")
    repository.answer(session, request, nomination, state)
    repository.start_leadership(session, request, case, nomination, nominee.member)
    clear(session, case, request.at, ["lead_vacant", "lead_gone"])
    cases.refresh_caseload(session, case, request.at)
    return {
        "id": nomination,
        "state": state,
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
    state = lifecycle.NOMINATION.after(nominee.state, "refusal")
    repository.answer(session, request, nomination, state, body.reason)
    asked = for_user(nominee.by_agency, nominee.by_user)
    raise_notices(session, [NewNotice(case, "nomination_refused", nomination, asked)], request.at)
    return {"id": nomination, "state": state}


def object_to(
    session: WriteSession, request: WriteRequest, case: str, nomination: str, body: NominationObjection
) -> Outcome:
    """The nominee's agency does not want them to lead. An open nomination comes to nothing; of somebody who
    leads already it is told to them and to whoever nominated them, and they lead on."""
    lock(session, case)
    nominee = _nomination(session, case, nomination)
    lifecycle.must_be_their_agency(request.caller, nominee.agency)
    lifecycle.must_not_have_objected(nominee.objected_at)
    state = lifecycle.NOMINATION.after(nominee.state, "objection")
    lifecycle.must_lead_still(state, repository.current_lead(session, case), nominee.member)
    repository.object_to(session, request, nomination, state, body.reason)
    told = {for_user(nominee.agency, nominee.user), for_user(nominee.by_agency, nominee.by_user)}
    if state == "accepted":
        told.add(for_role(nominee.by_agency, Role.TEAM_MANAGER))
    audiences = sorted(told, key=lambda audience: (audience.agency, audience.address))
    notices = [NewNotice(case, "nomination_objected", nomination, audience) for audience in audiences]
    raise_notices(session, notices, request.at)
    return {"id": nomination, "state": state}


def withdraw(session: WriteSession, request: WriteRequest, case: str, nomination: str) -> Outcome:
    """Take a nomination back: any member of the team may, so that silence never blocks the next one, and
    whoever nominated for a panel."""
    lock(session, case)
    nominee = _nomination(session, case, nomination)
    state = lifecycle.NOMINATION.after(nominee.state, "withdrawal")
    caller = request.caller
    nominated = (caller.user, caller.agency) == (nominee.by_user, nominee.by_agency)
    if not nominated and not team.is_active(session, case, caller.user, caller.agency):
        raise forbidden("Only somebody on the team of this case can withdraw a nomination.")
    repository.answer(session, request, nomination, state)
    return {"id": nomination, "state": state}


def _nomination(session: WriteSession, case: str, nomination: str) -> repository.Nominee:
    nominee = repository.find_nominee(session, case, nomination)
    if nominee is None:
        raise not_found()
    return nominee
