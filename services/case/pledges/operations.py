"""Saying whether a pledge was kept, and telling the chair of what is late."""

from collections.abc import Iterable
from datetime import datetime

from services.case.cases.operations import lock_open_case
from services.case.casework_rules import CaseworkRules
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.notices import in_charge
from services.case.notices.audience import for_user
from services.case.notices.repository import NewNotice, clear, clear_because
from services.case.pledges import lifecycle, repository
from services.case.promises import repository as promises
from services.case.promises.operations import tell_that_it_was_missed
from services.case.promises.parties import party_of
from services.case.team import repository as team
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import not_found
from shared.records.compact import CommitmentStanding, CommitmentStatus
from shared.records.plan import ActionFields, PledgeState


def say_what_became(
    session: WriteSession, request: WriteRequest, case: str, entry: str, body: CommitmentStanding
) -> Outcome:
    """Say that a pledge was kept or missed: by anybody on the team or of the family but who gave it."""
    lock_open_case(session, case)
    found = entries.find_in_case(session, case, "action", entry)
    if found is None:
        raise not_found()
    action = ActionFields.model_validate(found.fields)
    if action.pledge is None:
        raise lifecycle.not_pledged()
    if request.caller.agency == action.accountable:
        raise lifecycle.not_yours_to_say()
    state = PledgeState(lifecycle.PLEDGE.after(action.pledge, lifecycle.SAID[body.status]))
    said = {
        "pledge": str(state),
        "what_happened": body.what_happened,
        "said_by": stored(party_of(request.caller)),
    }
    version = entries.add_to_fields(session, entry, said)
    promises.stands(session, entry, state)
    _settle(session, request, entry)
    if body.status is CommitmentStatus.MISSED:
        tell_that_it_was_missed(session, request, case, entry, version, action.accountable)
    return {"id": entry, "version": version, "status": str(state)}


def _settle(session: WriteSession, request: WriteRequest, entry: str) -> None:
    """Nobody is asked about it any longer, and what waits for it is looked at anew."""
    clear(session, entry, request.at)
    clear_because(session, entry, request.at)


def late_for_the_chair(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """A pledge whose day has passed, for whoever was in the chair (a clock): the panel hears of what it was
    promised. Who owes it and the lead are told of it as of every promise, so no lead is told twice."""
    late = repository.late(session, at.date())
    places = team.places_of(session, (pledge.case for pledge in late), at.date())
    for pledge in late:
        chair = for_user(pledge.chair_agency, pledge.chair_user)
        if chair not in in_charge.lead(places[pledge.case]):
            yield NewNotice(pledge.case, "pledge_overdue", pledge.entry, chair, pledge.due_on.isoformat())
