"""What is to be done, over many cases: what an agency promised, and what falls vacant with somebody."""

from datetime import datetime
from typing import Any

from services.case.absences import repository as absences
from services.case.bundles.repository import case_bundles
from services.case.cases import repository as cases
from services.case.meetings.operations import CHAIR_GONE, chair_gone
from services.case.notices.repository import clear, clear_occasions, raise_notices
from services.case.promises.operations import owed_alone
from services.case.promises.standing import NO_DAY
from services.case.team.repository import agencies_at_work
from services.case.vacancies import repository as vacancies
from services.case.vacancies.operations import LEAD_GONE, lead_gone
from services.case.worklists import repository
from services.case.worklists.schemas import GapsAsk, PromisesAsk
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.pages import cut
from shared.problems import forbidden
from shared.records.users import UserAbsence, UserReturn
from shared.vocabulary import Role


def promises(session: ReadSession, caller: Caller, ask: PromisesAsk, at: datetime) -> dict[str, Any]:
    """A page of what the caller's agency owes, or the caller for it, with the cases, raw: the gateway asks
    which of them the caller may see. ``alone``: what of it is theirs of a case of which nothing else is."""
    after = None if ask.after is None else (ask.after.due_on or NO_DAY, ask.after.id)
    query = repository.PromisesQuery(
        agency=caller.agency,
        user=caller.at_work if ask.whose == "mine" else None,
        before=at.date() if ask.overdue else None,
        after=after,
        limit=ask.limit + 1,
    )
    rows = repository.promises(session, query)
    shown, last = cut([_promise(row) for row in rows], ask.limit)
    of = list(dict.fromkeys(promise["case"] for promise in shown))
    bundles = case_bundles(session, caller, of, at)
    return {
        "bundles": bundles,
        "alone": owed_alone(session, caller, bundles, [promise["entry"] for promise in shown]),
        "promises": shown,
        "after": None if last is None else {"due_on": last["due_on"], "id": last["entry"]},
    }


def _promise(row: Any) -> dict[str, Any]:
    due_on = None if row.due_on == NO_DAY else row.due_on.isoformat()
    return {"case": row.case_id, "entry": row.entry_id, "kind": row.kind, "due_on": due_on}


def gaps(session: ReadSession, caller: Caller, ask: GapsAsk, at: datetime) -> dict[str, Any]:
    """Case by case what hangs on a user of the caller's agency, or is nobody's since they left, raw.
    ``alone``: what of it their agency owes in cases of which nothing else is theirs."""
    found = repository.gaps(session, caller.agency, ask.user, at.date(), ask.after, ask.limit + 1)
    by_case: dict[str, list[repository.Gap]] = {}
    for gap in found:
        by_case.setdefault(gap.case, []).append(gap)
    shown, last = cut(list(by_case), ask.limit)
    bundles = case_bundles(session, caller, shown, at)
    promised = {gap.id for case in shown for gap in by_case[case] if gap.what == "promise"}
    return {
        "bundles": bundles,
        "alone": owed_alone(session, caller, bundles, promised),
        "gaps": {case: _by_what(by_case[case]) for case in shown},
        "after": last,
    }


def _by_what(gaps: list[repository.Gap]) -> dict[str, list[str]]:
    kinds = ("lead", "nomination", "deputy", "promise", "review", "meeting")
    return {what: [gap.id for gap in gaps if gap.what == what] for what in kinds}


def note_absence(session: WriteSession, request: WriteRequest, user: str, body: UserAbsence) -> Outcome:
    """Somebody was suspended: the cases that they lead are vacant until they may act again, and those are
    told who would miss them if they left.

    ``occasion`` is the suspension, so that it counts and is told once however often it is sent.
    """
    caller = request.caller
    if caller.role != Role.INFORMATION_OFFICER or body.agency not in (None, caller.agency):
        raise forbidden("Only an information officer tells that somebody is suspended.")
    absences.begin(session, body.occasion, user, body.agency, request.at)
    led = _look_anew(session, request, user, body.agency)
    told = [
        notice
        for one in led
        for notice in lead_gone(one.case, agencies_at_work(session, one.case), body.occasion)
    ]
    told += chair_gone(session, user, body.agency, request.at, body.occasion)
    return {"told": raise_notices(session, told, request.at)}


def note_return(session: WriteSession, request: WriteRequest, user: str, body: UserReturn) -> Outcome:
    """Suspensions of somebody were lifted: they are in charge again of what they led, unless another goes on,
    and nobody needs to look any more at what they were told because of these."""
    if request.caller.role != Role.INFORMATION_OFFICER:
        raise forbidden("Only an information officer tells that somebody may work again.")
    absences.end(session, body.occasions, user, request.at)
    for one in _look_anew(session, request, user, None):
        if not vacancies.is_listed(session, one.case):
            clear(session, one.case, request.at, ["lead_vacant"])
    for kind in (LEAD_GONE, CHAIR_GONE):
        clear_occasions(session, kind, body.occasions, request.at)
    return {"user": user}


def _look_anew(
    session: WriteSession, request: WriteRequest, user: str, agency: str | None
) -> list[repository.Led]:
    """Write anew which of the cases that somebody leads are vacant; these cases. Every case on whose team
    they are is locked first: in any of them they could begin to lead meanwhile."""
    cases.lock_cases(session, absences.cases_worked_on(session, user, agency))
    led = repository.led_by(session, user, agency)
    for one in led:
        cases.refresh_caseload(session, one.case, request.at)
    return led
