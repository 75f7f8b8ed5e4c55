"""What can happen to a case."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from services.case.bundles import repository as bundles
from services.case.cases import lifecycle, repository
from services.case.cases.relationship import Place
from services.case.cases.schemas import BundlesAsk, CaseloadAsk, ClosedAsk, RostersAsk
from services.case.casework_rules import CaseworkRules
from services.case.considerations.repository import end_of_case as end_considerations
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.lead_professional import repository as leads
from services.case.notices import in_charge
from services.case.notices.audience import for_role, for_user
from services.case.notices.repository import NewNotice, clear, clear_case, raise_notices
from services.case.people.operations import create_person
from services.case.people.repository import known_people
from services.case.promises import repository as promises
from services.case.referrals import repository as referrals
from services.case.referrals.lifecycle import LIFECYCLE as REFERRAL
from services.case.reviews import repository as reviews
from services.case.reviews.putting_off import check_watched_over
from services.case.team import repository as team
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.pages import cut
from shared.problems import conflict, invalid, not_found
from shared.records.cases import (
    CaseOpeningFields,
    CaseReopening,
    ClosureFields,
    ClosureToStore,
    NewCase,
    NewCaseSubject,
)
from shared.records.people import NewPerson
from shared.records.reviews import ReviewFields
from shared.vocabulary import NO_ANSWER, Category, Role

ANSWER_AWAITED = timedelta(days=30)
_OF_THE_DAY = ("review_overdue", "review_escalated", "review_to_own")
_UNKNOWN_PERSON = "Name a person whose record you can see; record them first if need be."


def open_case(session: WriteSession, request: WriteRequest, body: NewCase) -> Outcome:
    """Open a case; whoever opens it is on the team at once."""
    if body.review_on is not None:
        lifecycle.check_review(body.review_on, request.at.date())
    subjects = list(dict.fromkeys([body.person, *body.other_subjects]))
    known = known_people(session, subjects)
    if body.person not in known:
        raise invalid("person", _UNKNOWN_PERSON)
    for index, person in enumerate(body.other_subjects):
        if person not in known:
            raise invalid(f"other_subjects.{index}", _UNKNOWN_PERSON)
    case = repository.add_case(session, request, body.person, body.review_on)
    repository.add_subjects(session, request, case, subjects)
    _record(session, request, case, body.person, "case_opening", CaseOpeningFields(reason=body.reason))
    member_id = team.add_member(session, request, case, _opener(request.caller, body))
    repository.refresh_caseload(session, case, request.at)
    return {"id": case, "state": "open", "member": member_id}


def _opener(caller: Caller, body: NewCase) -> team.NewMember:
    name = caller.name[: entries.LONGEST_NAME]
    post = body.opener
    return team.NewMember(caller.user, name, caller.agency, caller.role, post.job_title, post.telephone)


def _record(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    person: str,
    kind: str,
    fields: CaseOpeningFields | ClosureFields,
) -> None:
    entry = entries.NewEntry(kind=kind, subjects=[person], fields=stored(fields), case=case)
    entries.add_entry(session, request, entry)


def lock_open_case(session: WriteSession, case: str) -> repository.LockedCase:
    """Lock a case that must be open; 404 for one that is not there, 409 for a closed one."""
    locked = lock(session, case)
    lifecycle.must_be_open(locked.state)
    return locked


def lock(session: WriteSession, case: str) -> repository.LockedCase:
    locked = repository.lock_case(session, case)
    if locked is None:
        raise not_found()
    return locked


def add_subject(session: WriteSession, request: WriteRequest, case: str, body: NewCaseSubject) -> Outcome:
    """Somebody who is recorded, or who is recorded with it: both or neither."""
    lock_open_case(session, case)
    if body.details is not None:
        made = create_person(session, request, NewPerson(details=body.details))
        repository.add_subjects(session, request, case, [made["id"]])
        return {"id": case, "person": made["id"], "details": made["details"]}
    person = body.person or ""
    if not known_people(session, [person]):
        raise invalid("person", _UNKNOWN_PERSON)
    if repository.is_subject(session, case, person):
        raise conflict("This case is about that person already.")
    repository.add_subjects(session, request, case, [person])
    return {"id": case, "person": person}


def close_case(session: WriteSession, request: WriteRequest, case: str, body: ClosureToStore) -> Outcome:
    """Close a case. Its team keeps access until it leaves; whoever only considers it no longer does, and an
    open nomination or referral comes to nothing.

    Every promise that is open is named with what becomes of it (409 otherwise). Those that whoever closes it
    does not see end with the case, and whoever owes them is told. Where somebody sees to the next review, it
    is said who watches over it from now on (422 otherwise).
    """
    locked = lock(session, case)
    state = lifecycle.CASE.after(locked.state, "closure")
    becomes = _what_becomes(session, case, body)
    check_watched_over(owned=reviews.is_owned(session, case), watched_over_by=body.watched_over_by)
    held = team.places_of(session, [case], request.at.date())[case]
    repository.set_state(session, case, state, request.at)
    leads.withdraw_open_nomination(session, request, case, "case_closed")
    for asked in referrals.open_referrals(session, case):
        referrals.end(session, asked, REFERRAL.after(asked.state, "withdraw"), request.at)
    end_considerations(session, case, request.at)
    clear_case(session, case, request.at)
    _end_promises(session, request, case, held, becomes)
    fields = ClosureFields(reason=body.reason, note=body.note)
    _record(session, request, case, locked.person, "closure", fields)
    if body.watched_over_by is not None:
        _hand_on_review(session, request, locked, body.watched_over_by)
    repository.refresh_caseload(session, case, request.at)
    return {"id": case, "state": state}


def _hand_on_review(
    session: WriteSession, request: WriteRequest, locked: repository.LockedCase, watched_over_by: str
) -> None:
    """Kept as a review of somebody at risk is: not with the closure, which more people may read."""
    review_on = repository.review_of(session, locked.id)
    entry = entries.NewEntry(
        kind="case_review",
        case=locked.id,
        subjects=[locked.person],
        fields=stored(ReviewFields(review_on=review_on, watched_over_by=watched_over_by)),
        more_categories=(Category.SAFEGUARDING,),
    )
    entries.add_entry(session, request, entry)


def _what_becomes(session: ReadSession, case: str, body: ClosureToStore) -> dict[promises.Known, str]:
    """Of each open promise why it ends."""
    still_open = {known.entry: known for known in promises.of_case(session, case) if known.open}
    named = {ending.promise: ending.because for ending in body.promises}
    for number, ending in enumerate(body.promises):
        if ending.promise not in still_open:
            raise invalid(f"promises.{number}.promise", "Name an open promise of this case that you can see.")
    unsaid = still_open.keys() - named.keys() - set(body.not_shown)
    if unsaid:
        raise lifecycle.promises_are_open()
    return {known: named.get(entry, lifecycle.ENDED_WITH_THE_CASE) for entry, known in still_open.items()}


def _end_promises(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    held: list[Place],
    becomes: Mapping[promises.Known, str],
) -> None:
    told = []
    for known, because in becomes.items():
        promises.end(session, known.entry, because)
        if known.accountable is not None and known.accountable != request.caller.agency:
            told += [
                NewNotice(case, "promise_ended", known.entry, whom, request.at.date().isoformat())
                for whom in in_charge.of_agency(held, known.accountable, known.user)
            ]
    raise_notices(session, told, request.at)


def reopen_case(session: WriteSession, request: WriteRequest, case: str, body: CaseReopening) -> Outcome:
    locked = lock(session, case)
    state = lifecycle.CASE.after(locked.state, "reopening")
    repository.set_state(session, case, state, None)
    promises.wake(session, case)
    _record(session, request, case, locked.person, "case_opening", CaseOpeningFields(reason=body.reason))
    repository.refresh_caseload(session, case, request.at)
    return {"id": case, "state": state}


def set_review(session: WriteSession, request: WriteRequest, case: str, review_on: date) -> Outcome:
    """The day of the next review, inside a transaction that has locked the case; a day that has passed is
    refused. Reviews set it, and what follows up somebody at risk."""
    lifecycle.check_review(review_on, request.at.date())
    if review_on != repository.review_of(session, case):
        # Where the day stays as it was, nothing that was told of it is settled.
        clear(session, case, request.at, _OF_THE_DAY)
    repository.set_review(session, case, review_on)
    repository.refresh_caseload(session, case, request.at)
    return {"id": case, "review_on": review_on.isoformat()}


def reviews_overdue(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """A review whose day has passed, for the lead professional; where nobody leads, for the managers of the
    agencies at work, so that nobody's review is lost (a clock)."""
    for case in repository.with_review_before(session, at.date()):
        for audience in in_charge.lead_or_managers(case.places):
            yield NewNotice(case.id, "review_overdue", case.id, audience, case.review_on.isoformat())


def without_answer(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """A case that was opened thirty days ago goes back to its author (design 3.2, "Before permission"): to
    whoever opened it and their managers, once (a clock).

    Whether the family has answered is known where answers are kept: the gateway shows none of these of a case
    in which somebody has.
    """
    for case, user, agency in repository.opened_before(session, at - ANSWER_AWAITED, NO_ANSWER):
        for audience in (for_user(agency, user), for_role(agency, Role.TEAM_MANAGER)):
            yield NewNotice(case, NO_ANSWER, case, audience)


def case_bundle(session: ReadSession, caller: Caller, case: str, at: datetime) -> dict[str, Any]:
    found = bundles.case_bundles(session, caller, [case], at)
    if not found:
        raise not_found()
    return found[0]


def case_bundles(session: ReadSession, caller: Caller, ask: BundlesAsk, at: datetime) -> dict[str, Any]:
    """The cases of these ids that there are, raw: the gateway asks which of them exist for the caller."""
    return {"bundles": bundles.case_bundles(session, caller, ask.cases, at)}


def rosters(session: ReadSession, caller: Caller, ask: RostersAsk, at: datetime) -> dict[str, Any]:
    """A page of all cases, labels and rosters only: for the simulation of a policy (design 3.6).

    Only for a request of an information officer, whose answer holds counts and none of this.
    """
    if caller.role != Role.INFORMATION_OFFICER:
        raise not_found()
    cases, after = cut(repository.cases_after(session, ask.after, ask.limit + 1), ask.limit)
    return {"cases": bundles.case_rosters(session, caller, cases, at), "after": after}


def caseload(session: ReadSession, caller: Caller, ask: CaseloadAsk, at: datetime) -> dict[str, Any]:
    """A page of the open cases to which the caller has a relationship, and of those named, by review date.
    To a member of the family those about them, or about anybody related to them, and no others."""
    query = repository.CaseloadQuery(
        agency=caller.agency,
        user=None if _sees_whole_agency(caller, ask) else caller.at_work,
        today=at.date(),
        without_lead=ask.filter == "no_lead",
        review_before=at.date() if ask.filter == "review_overdue" else None,
        after=_place(ask),
        limit=ask.limit + 1,
        also=ask.also,
    )
    if caller.role == Role.FAMILY_MEMBER:
        family = set() if caller.person is None else bundles.cases_of_family(session, caller.person)
        found = repository.caseload_of_family(session, replace(query, also=family))
    else:
        found = repository.caseload(session, query)
    shown, last = cut(found, ask.limit)
    cases = [case for _, case in shown]
    return {
        "bundles": bundles.case_bundles(session, caller, cases, at),
        "after": None if last is None else _as_place(*last),
    }


def closed_cases(session: ReadSession, caller: Caller, ask: ClosedAsk, at: datetime) -> dict[str, Any]:
    """A page of the closed cases to which the caller has a relationship, the latest closed first: those on
    whose team they stood at the end, or their agency where they are related to all of its cases, or for a
    co-ordinator, who opens them again, ever stood; to a member of the family those about them and theirs."""
    after = None if ask.after is None else (ask.after.closed_at, ask.after.id)
    whose = _closed_of(session, caller)
    shown, last = cut(repository.closed(session, whose, after, ask.limit + 1), ask.limit)
    return {
        "bundles": bundles.case_bundles(session, caller, [case for _, case in shown], at),
        "after": None if last is None else {"closed_at": rfc3339(last[0]), "id": last[1]},
    }


def _closed_of(session: ReadSession, caller: Caller) -> Any:
    if caller.role == Role.FAMILY_MEMBER:
        family = set() if caller.person is None else bundles.cases_of_family(session, caller.person)
        return repository.of_these(family)
    if caller.role == Role.COORDINATOR:
        return repository.with_team_of(caller.agency, even_left=True)
    whole = caller.role in _RELATED_TO_WHOLE_AGENCY and caller.on_behalf_of is None
    return repository.with_team_of(caller.agency, None if whole else caller.at_work)


_RELATED_TO_WHOLE_AGENCY = (Role.TEAM_MANAGER, Role.AGENCY_SYSTEM)


def _sees_whole_agency(caller: Caller, ask: CaseloadAsk) -> bool:
    """Managers and systems are related to every case on which their agency works; others to their own."""
    whole = caller.role in _RELATED_TO_WHOLE_AGENCY and caller.on_behalf_of is None
    return whole and (ask.filter != "mine" or caller.role == Role.AGENCY_SYSTEM)


def _place(ask: CaseloadAsk) -> tuple[date, str] | None:
    return None if ask.after is None else (ask.after.review_on or lifecycle.NO_REVIEW, ask.after.id)


def _as_place(review_on: date, case: str) -> dict[str, Any]:
    return {"review_on": None if review_on == lifecycle.NO_REVIEW else review_on.isoformat(), "id": case}
