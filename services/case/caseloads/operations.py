"""How much a case weighs, how much somebody leads, and how much they may."""

from typing import Any

from services.case.caseloads import repository
from services.case.cases.operations import lock_open_case
from services.case.lead_professional import repository as leads
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import forbidden, not_found
from shared.records.cases import CaseloadCap, CaseWeight
from shared.vocabulary import Role


def weigh(session: WriteSession, _: WriteRequest, case: str, body: CaseWeight) -> Outcome:
    lock_open_case(session, case)
    repository.set_weight(session, case, body.weight)
    return {"id": case, "weight": body.weight}


def set_cap(session: WriteSession, request: WriteRequest, user: str, body: CaseloadCap) -> Outcome:
    """For the manager's own agency; what the user does for another is not theirs to limit."""
    _must_manage(request.caller)
    repository.set_cap(session, request, user, body.cap)
    return {"user": user, "cap": body.cap}


def caseload_of(session: ReadSession, caller: Caller, user: str) -> dict[str, Any]:
    """A number, and never which cases."""
    _must_manage(caller)
    load = repository.load_of(session, caller.agency, user)
    return {"user": user, "load": load.current, "cap": load.cap}


def _must_manage(caller: Caller) -> None:
    if caller.role != Role.TEAM_MANAGER:
        raise forbidden("Only a manager sets how much somebody of their agency leads.")


def load_of_nominee(session: ReadSession, case: str, nomination: str) -> dict[str, Any]:
    """What whoever was nominated leads already, with the weight of this case: numbers alone."""
    nominee = leads.find_nominee(session, case, nomination)
    if nominee is None:
        raise not_found()
    load = repository.load_of(session, nominee.agency, nominee.user)
    return {"load": load.current, "cap": load.cap, "weight": repository.weight_of(session, case)}


def loads_of_team(session: ReadSession, case: str) -> dict[str, Any]:
    """What everybody on the team leads already, and the weight of this case: numbers alone."""
    loads = repository.loads_of_team(session, case)
    return {
        "weight": repository.weight_of(session, case),
        "members": {member: {"load": one.current, "cap": one.cap} for member, one in loads.items()},
    }


def leading(session: ReadSession, caller: Caller) -> dict[str, list[str]]:
    """The cases that the caller leads now, by id."""
    return {"cases": repository.led_by(session, caller.agency, caller.user)}
