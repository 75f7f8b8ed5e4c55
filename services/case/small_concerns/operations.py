"""Recording a small concern. What several of them make together is found in the same transaction."""

from datetime import timedelta

from services.case.casework_rules import CaseworkRules
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.people.repository import lock_people
from services.case.signals import repository as signals
from services.case.small_concerns import repository
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import invalid, not_found
from shared.records.small_concerns import NewSmallConcern, SmallConcernFields


def record_small_concern(
    session: WriteSession, request: WriteRequest, person: str, body: NewSmallConcern, rules: CaseworkRules
) -> Outcome:
    """Keep a small concern as the caller's agency's own. The answer is the same whether it makes a signal.

    The person is locked, so that of two agencies that write at once the second counts the first.
    """
    if not lock_people(session, [person]):
        raise not_found()
    today = request.at.date()
    noticed_on = body.noticed_on or today
    if noticed_on > today:
        raise invalid("noticed_on", "This day has not come yet.")
    fields = SmallConcernFields(noticed_on=noticed_on, what=body.what)
    entry = entries.NewEntry(
        kind="small_concern",
        person=person,
        subjects=[person],
        fields=stored(fields),
        more_categories=body.categories,
    )
    entry_id = entries.add_entry(session, request, entry)
    repository.add_small_concern(session, request, person, entry_id, noticed_on)
    _raise_signal(session, request, person, rules)
    return {"id": entry_id, "version": 1}


def _raise_signal(session: WriteSession, request: WriteRequest, person: str, rules: CaseworkRules) -> None:
    """One signal at a time. What was noticed within the window counts, whenever it was written down; what a
    signal that was answered rested on is not counted again."""
    if signals.has_open(session, person):
        return
    since = request.at.date() - timedelta(days=rules.signal_window_days - 1)
    answered = signals.last_closed(session, person)
    if repository.agencies_concerned(session, person, since, answered) >= rules.signal_agencies:
        signals.add_signal(session, person, request.at)
