"""Referrals: an agency is asked, considers, and answers, or does not; whoever is in charge is told.

While an agency is asked it considers the case: its coordinators from the start, and whoever of it takes the
referral up. That ends with the answer (design 3.1), so whatever ends it goes through ``take_away``.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock, lock_open_case
from services.case.casework_rules import CaseworkRules
from services.case.considerations.repository import Considering, end_because, start
from services.case.contacts import repository as contacts
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.inboxes import operations as inboxes
from services.case.inboxes.schemas import InboxAsk
from services.case.notices.audience import Audience, for_role, for_role_anywhere, for_user
from services.case.notices.in_charge import is_heard, lead_and_managers, lead_or_managers
from services.case.notices.repository import NewNotice, clear, raise_notices
from services.case.referrals import repository
from services.case.referrals.lifecycle import EVENT_OF, LIFECYCLE
from services.case.referrals.repository import Asked
from services.case.team.repository import places_of
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.referrals import (
    NamedUser,
    NewReferral,
    ReferralAcceptance,
    ReferralAnswer,
    ReferralAnswerFields,
    ReferralFields,
    ReferralRefusal,
    ReferralState,
    ReferralToStore,
)
from shared.vocabulary import Category, Role

TIME_TO_ANSWER = timedelta(days=14)
"""From the day of a referral to the day by which it is to be answered, where none was said."""
CONTACTS_GO_ON = timedelta(days=30)
"""Services that met the family this lately go on meeting it."""


def refer(session: WriteSession, request: WriteRequest, case: str, body: ReferralToStore) -> Outcome:
    """Ask an agency to help. From now on it considers the case, until it has answered.

    409 where the caller's agency has asked it already, by a referral that the caller sees.
    """
    locked = lock_open_case(session, case)
    today = request.at.date()
    answer_by = body.answer_by or today + TIME_TO_ANSWER
    if answer_by < today:
        raise invalid("answer_by", "This day has passed; choose one from today on.")
    subjects = entries.subjects_for_case(body.subjects, subjects_in_reach(session, case), locked.person)
    if repository.is_asked(session, case, body.agency, request.caller.agency, body.not_shown):
        raise conflict("You have asked this agency already, and it has not answered yet.")
    entry_id = _add_entry(session, request, case, subjects, body, answer_by)
    repository.add_referral(session, request, entry_id, case, body.agency, answer_by)
    start(session, request, case, entry_id, _who_considers(body))
    clear(session, case, request.at, ["nobodys_case"])
    raise_notices(session, _for_the_asked(case, entry_id, body), request.at)
    return {"id": entry_id, "version": 1, "state": LIFECYCLE.initial, "answer_by": answer_by.isoformat()}


def _add_entry(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    subjects: Sequence[str],
    body: NewReferral,
    answer_by: date,
) -> str:
    fields = ReferralFields(
        agency=body.agency,
        service=body.service,
        reason=body.reason,
        answer_by=answer_by,
        state=ReferralState(LIFECYCLE.initial),
    )
    entry = entries.NewEntry(
        kind="referral",
        case=case,
        subjects=subjects,
        fields=stored(fields),
        accountable=body.agency,
        more_categories=body.categories,
    )
    return entries.add_entry(session, request, entry)


def _who_considers(body: NewReferral) -> list[Considering]:
    asked = [Considering(body.agency, Role.COORDINATOR)]
    if body.attention_of is not None:
        asked.append(Considering(body.agency, Role.PRACTITIONER, body.attention_of.user))
    if body.referrer is not None:
        asked.append(Considering(body.referrer.agency, Role.REFERRER, body.referrer.user))
    return asked


def _for_the_asked(case: str, id: str, body: NewReferral) -> list[NewNotice]:
    audiences: list[Audience] = [for_role(body.agency, Role.COORDINATOR)]
    if body.attention_of is not None:
        audiences.append(for_user(body.agency, body.attention_of.user))
    return [NewNotice(case, "referral", id, audience) for audience in audiences]


def inbox(session: ReadSession, caller: Caller, ask: InboxAsk) -> dict[str, Any]:
    """What the caller's agency is asked and has not answered, raw and newest first."""
    return inboxes.page(session, caller, repository.INBOX, ask)


def find(session: ReadSession, caller: Caller, id: str) -> dict[str, Any]:
    """One of them, answered or not; 404 if the caller's agency was not asked."""
    return inboxes.find(session, caller, repository.INBOX, id)


def take_up(session: WriteSession, request: WriteRequest, id: str, body: NamedUser) -> Outcome:
    """Somebody of the agency that was asked looks at it: from now on they consider the case too."""
    asked = _asked_of(session, request.caller, id)
    LIFECYCLE.after(asked.state, "take_up")
    end_because(session, id, request.at, body.user)
    start(session, request, asked.case, id, [Considering(asked.agency, Role.PRACTITIONER, body.user)])
    version = entries.add_to_fields(session, id, {"taken_up_by": body.name})
    raise_notices(
        session, [NewNotice(asked.case, "referral", id, for_user(asked.agency, body.user))], request.at
    )
    return {"id": id, "version": version, "state": asked.state}


def accept(session: WriteSession, request: WriteRequest, id: str, body: ReferralAcceptance) -> Outcome:
    """The agency will help. Who of it is to join the team, the lead adds."""
    said = ReferralAnswerFields(referral=id, answer=ReferralAnswer.ACCEPTED, note=body.note)
    return _answer(session, request, said, body.categories)


def refuse(session: WriteSession, request: WriteRequest, id: str, body: ReferralRefusal) -> Outcome:
    said = ReferralAnswerFields(referral=id, answer=ReferralAnswer.REFUSED, reason=body.reason)
    return _answer(session, request, said, body.categories)


def _answer(
    session: WriteSession, request: WriteRequest, said: ReferralAnswerFields, reveals: Iterable[Category]
) -> Outcome:
    asked = _asked_of(session, request.caller, said.referral)
    state = LIFECYCLE.after(asked.state, EVENT_OF[said.answer])
    version = repository.end(session, asked, state, request.at)
    referral = entries.find_in_case(session, asked.case, "referral", asked.id)
    assert referral is not None, "its row refers to it"
    answer = entries.NewEntry(
        kind="referral_answer",
        case=asked.case,
        subjects=referral.subjects,
        fields=stored(said),
        accountable=asked.by_agency,
        more_categories=(*map(Category, referral.categories), *reveals),
    )
    answer_id = entries.add_entry(session, request, answer)
    _tell_who_asked(session, asked, "referral_answered", request.at)
    return {"id": asked.id, "version": version, "state": state, "answer": answer_id}


def withdraw(session: WriteSession, request: WriteRequest, case: str, id: str) -> Outcome:
    """The agency that asked no longer does."""
    lock(session, case)
    asked = repository.find_referral(session, id)
    if asked is None or asked.case != case:
        raise not_found()
    if asked.by_agency != request.caller.agency:
        raise forbidden("Only the agency that made this referral can take it back; ask them to.")
    state = LIFECYCLE.after(asked.state, "withdraw")
    return {"id": id, "version": repository.end(session, asked, state, request.at), "state": state}


def _asked_of(session: WriteSession, caller: Caller, id: str) -> Asked:
    """A referral to the caller's agency, its case locked; 404 for any other."""
    case = repository.case_of(session, id)
    if case is None:
        raise not_found()
    lock(session, case)
    asked = repository.find_referral(session, id)
    if asked is None or asked.agency != caller.agency:
        raise not_found()
    return asked


def _tell_who_asked(session: WriteSession, asked: Asked, kind: str, at: datetime) -> None:
    held = places_of(session, [asked.case], at.date())[asked.case]
    audiences = dict.fromkeys([for_user(asked.by_agency, asked.by_user), *lead_or_managers(held)])
    raise_notices(session, [NewNotice(asked.case, kind, asked.id, audience) for audience in audiences], at)


def without_reply(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """A referral whose day has passed without an answer, for who asked and who is in charge (a clock).

    It goes on waiting: silence is no refusal, and who was asked may still answer.
    """
    due = repository.due_before(session, at.date())
    places = places_of(session, (asked.case for asked in due), at.date())
    for asked in due:
        if LIFECYCLE.allows(asked.state, "fall_due"):
            state = LIFECYCLE.after(asked.state, "fall_due")
            repository.set_state(session, asked.id, state, None)
            entries.add_to_fields(session, asked.id, {"state": state})
        in_charge = lead_or_managers(places[asked.case])
        for audience in dict.fromkeys([for_user(asked.by_agency, asked.by_user), *in_charge]):
            yield NewNotice(asked.case, "referral_no_reply", asked.id, audience, asked.answer_by.isoformat())


def nobodys_case(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """Whoever was asked has refused, and services go on meeting the family: it is nobody's case (a clock).

    For the lead and the supervisors; besides for the co-ordinators of the agencies at work and of those that
    asked, and where nobody in charge can act for every co-ordinator, who has it in their queue.
    """
    refused = repository.refused_everywhere(session)
    places = places_of(session, refused, at.date())
    for case, last in refused.items():
        since = max(last.answered_at or at, at - CONTACTS_GO_ON)
        if not contacts.is_in_contact_since(session, case, since):
            continue
        held = places[case]
        agencies = sorted({*(place.agency for place in held), last.by_agency})
        some = [for_role(agency, Role.COORDINATOR) for agency in agencies]
        coordinators = some if is_heard(held) else [for_role_anywhere(Role.COORDINATOR)]
        for audience in [*lead_and_managers(held), *coordinators]:
            yield NewNotice(case, "nobodys_case", case, audience, last.id)
