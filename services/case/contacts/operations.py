"""The contact log: what no answer leads to, what a refusal forbids, and what opens the offer again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock_open_case
from services.case.casework_rules import CaseworkRules
from services.case.contacts import repository
from services.case.contacts.lifecycle import CONTACTS, LIFECYCLE, next_attempt_on, standing, state_after
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.notices.audience import for_user
from services.case.notices.in_charge import lead_or_managers, member_or_others
from services.case.notices.repository import NewNotice, clear, clear_because, raise_notices
from services.case.team import repository as team
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import invalid
from shared.records.base import Record
from shared.records.contacts import (
    ContactAttemptFields,
    ContactToStore,
    LifeEventFields,
    NewLifeEvent,
    OfferReopenedFields,
    OfferState,
    ReopeningToStore,
)
from shared.vocabulary import Category


def record_contact(session: WriteSession, request: WriteRequest, case: str, body: ContactToStore) -> Outcome:
    """Keep a contact. Without an answer the day of the next attempt is set; after an informed refusal no
    attempt is kept, until a life event that the writer sees or a supervisor's decision opens the offer again.
    """
    locked = lock_open_case(session, case)
    contact = body.contact
    if contact.when > request.at:
        raise invalid("when", "This lies ahead; record a contact once it has been tried.")
    event = CONTACTS[contact.sought_by, contact.outcome]
    before = _before(session, request, case, body)
    state = LIFECYCLE.after(state_after(before), event)
    again = next_attempt_on([*before, event], request.at) if state == OfferState.UNANSWERED else None
    said = contact.model_dump(exclude={"categories", "subjects"})
    fields = ContactAttemptFields(**said, offer=OfferState(state), next_attempt_on=again)
    entry_id = _add(
        session, request, case, locked.person, "contact_attempt", fields, contact.subjects, contact.categories
    )
    repository.add_event(session, request, case, entry_id, event)
    earlier = repository.last_contact(session, case, request.caller.agency)
    if earlier is not None:
        clear(session, earlier, request.at)
        clear_because(session, earlier, request.at)
    repository.set_offer(session, request, case, entry_id, state, again)
    return {
        "id": entry_id,
        "version": 1,
        "state": state,
        "next_attempt_on": None if again is None else again.isoformat(),
    }


def record_life_event(session: WriteSession, request: WriteRequest, case: str, body: NewLifeEvent) -> Outcome:
    """Something changed for the family. Whoever sees that may ask again what was refused before it, on that
    day at the latest; they and the lead are told that something happened. What is older is kept too."""
    locked = lock_open_case(session, case)
    if body.happened_on > request.at.date():
        raise invalid("happened_on", "This day lies ahead; record the event once it has happened.")
    fields = LifeEventFields(**body.model_dump(exclude={"categories", "subjects"}))
    entry_id = _add(
        session, request, case, locked.person, "life_event", fields, body.subjects, body.categories
    )
    repository.add_event(session, request, case, entry_id, "life_event")
    told = _of_life_event(session, request, case, entry_id, body.happened_on)
    raise_notices(session, told, request.at)
    return {"id": entry_id, "version": 1}


def _of_life_event(
    session: ReadSession, request: WriteRequest, case: str, event: str, happened_on: date
) -> Iterable[NewNotice]:
    """For whoever made an offer that was refused, or in their place: it rests on the refusal too, so that it
    is there for those alone who see both. And for whoever is in charge."""
    own = for_user(request.caller.agency, request.caller.at_work)
    places = team.places_of(session, [case], request.at.date())[case]
    for offer in repository.refused_offers(session, case):
        refused_on = standing(repository.happened_to(session, case, offer.agency)).refused_on
        if refused_on is not None and happened_on < refused_on:
            continue
        for whom in member_or_others(places, offer.agency, offer.user):
            if whom != own:
                yield NewNotice(case, "offer_open_again", event, whom, because=offer.entry_id)
    for whom in lead_or_managers(places):
        if whom != own:
            yield NewNotice(case, "life_event", event, whom)


def reopen_offer(session: WriteSession, request: WriteRequest, case: str, body: ReopeningToStore) -> Outcome:
    """A supervisor decides that what was refused to their agency is offered once more."""
    locked = lock_open_case(session, case)
    before = _before(session, request, case, body)
    state = LIFECYCLE.after(state_after(before), "reopen")
    fields = OfferReopenedFields(reason=body.reopening.reason, offer=OfferState(state))
    entry_id = _add(session, request, case, locked.person, "offer_reopened", fields, (), ())
    repository.add_event(session, request, case, entry_id, "reopen")
    earlier = repository.last_contact(session, case, request.caller.agency)
    if earlier is not None:
        clear_because(session, earlier, request.at)
    repository.set_offer(session, request, case, entry_id, state, None)
    return {"id": entry_id, "version": 1, "state": state}


def _before(
    session: ReadSession, request: WriteRequest, case: str, body: ContactToStore | ReopeningToStore
) -> list[str]:
    """What counts of what happened to the offer of the caller's agency, as far as the caller sees it: nothing
    is refused because of what is hidden from them."""
    agency = request.caller.agency
    return standing(repository.happened_to(session, case, agency, body.life_events, body.not_shown)).events


def _add(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    main: str,
    kind: str,
    fields: Record,
    subjects: Sequence[str],
    categories: Iterable[Category],
) -> str:
    entry = entries.NewEntry(
        kind=kind,
        case=case,
        subjects=entries.subjects_for_case(subjects, subjects_in_reach(session, case), main),
        fields=stored(fields),
        more_categories=categories,
    )
    return entries.add_entry(session, request, entry)


def attempts_due(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """Somebody who did not answer is to be tried again: for whoever tried last, or in their place (a
    clock)."""
    found = repository.attempts_due(session, at.date())
    places = team.places_of(session, (due.case for due in found), at.date())
    for due in found:
        for whom in member_or_others(places[due.case], due.agency, due.user):
            yield NewNotice(due.case, "contact_due", due.entry_id, whom)
