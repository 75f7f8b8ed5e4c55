"""What is done about promises: asking for news, and looking at the clock."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.case.bundles.repository import case_bundles
from services.case.cases.operations import lock_open_case
from services.case.cases.relationship import Place, to_what_is_owed
from services.case.casework_rules import CaseworkRules
from services.case.notices import in_charge
from services.case.notices.audience import Audience
from services.case.notices.repository import NewNotice, raise_notices
from services.case.promises import repository
from services.case.promises.repository import Known
from services.case.team import repository as team
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import conflict, not_found
from shared.vocabulary import Relationship


def owed_alone(
    session: ReadSession, caller: Caller, bundles: Iterable[Mapping[str, Any]], entries: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Of these entries the actions that the caller's agency owes, where they have to do with these and with
    nothing else of the case: by its id the bundle of the case with that one entry in it, raw."""
    apart = {b["case"]["id"]: b for b in bundles if b["relationship"] == Relationship.NONE}
    alone = {}
    for owing in repository.owed_by(session, caller.agency, entries) if apart else ():
        word, bundle = to_what_is_owed(caller, owing.user), apart.get(owing.case)
        if bundle is not None and word is not Relationship.NONE:
            only = [entry for entry in bundle["entries"] if entry["id"] == owing.entry]
            alone[owing.entry] = {**bundle, "relationship": str(word), "entries": only}
    return alone


def find_owed(session: ReadSession, caller: Caller, case: str, entry: str, at: datetime) -> dict[str, Any]:
    """One of them; 404 for any other entry, and for whoever has more to do with the case."""
    found = owed_alone(session, caller, case_bundles(session, caller, [case], at), [entry])
    if entry not in found:
        raise not_found()
    return found[entry]


def ask_for_news(session: WriteSession, request: WriteRequest, case: str, entry: str) -> Outcome:
    """Ask whoever owes something how it stands: counted, and told to them. For what the family promised it
    is told to the lead, who asks them."""
    lock_open_case(session, case)
    promise = repository.find(session, case, entry)
    if promise is None:
        raise not_found()
    if not promise.open:
        raise conflict("Nobody owes this any more. Read it again to see what became of it.")
    asked = repository.ask(session, entry, request.at)
    held = team.places_of(session, [case], request.at.date())[case]
    notices = [
        NewNotice(case, "news_asked_for", entry, whom, str(asked)) for whom in _who_owes(promise, held)
    ]
    raise_notices(session, notices, request.at)
    return {"id": entry, "asked": asked, "asked_at": rfc3339(request.at)}


def _who_owes(promise: Known, places: Iterable[Place]) -> list[Audience]:
    if promise.accountable is None:
        return in_charge.lead_or_managers(places)
    return in_charge.of_agency(places, promise.accountable, promise.user)


def tell_that_it_was_missed(
    session: WriteSession, request: WriteRequest, case: str, entry: str, version: int, accountable: str | None
) -> None:
    """Somebody said of a promise that it was missed: for whoever is in charge, and for the agency that owed
    it."""
    places = team.places_of(session, [case], request.at.date())[case]
    told = in_charge.lead_or_managers(places)
    if accountable is not None:
        told += in_charge.of_agency(places, accountable)
    notices = [NewNotice(case, "promise_missed", entry, one, str(version)) for one in dict.fromkeys(told)]
    raise_notices(session, notices, request.at)


def overdue(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """What should have been done by now, for whoever owes it and for whoever is in charge (a clock). A
    promise of the family is late like any other."""
    late = repository.late(session, at.date())
    places = team.places_of(session, (promise.case for promise in late), at.date())
    for promise in late:
        held = places[promise.case]
        for whom in dict.fromkeys([*_who_owes(promise, held), *in_charge.lead_or_managers(held)]):
            yield _missed("promise_overdue", promise, whom)


def long_overdue(session: WriteSession, at: datetime, rules: CaseworkRules) -> Iterable[NewNotice]:
    """What is late for so long that the managers of the agency that owes it are told (a clock)."""
    latest = at.date() - timedelta(days=rules.overdue_days_until_managers)
    late = repository.late(session, latest)
    places = team.places_of(session, (promise.case for promise in late), at.date())
    for promise in late:
        if promise.accountable is not None:
            for whom in in_charge.answering_for(places[promise.case], promise.accountable):
                yield _missed("promise_long_overdue", promise, whom)


def _missed(kind: str, promise: Known, whom: Audience) -> NewNotice:
    return NewNotice(promise.case, kind, promise.entry, whom, promise.due_on.isoformat())
