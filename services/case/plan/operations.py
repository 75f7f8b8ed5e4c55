"""Agreeing actions, carrying them over from an assessment, answering for them and seeing them through."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock_open_case
from services.case.dependencies import repository as dependencies
from services.case.dependencies.operations import WARNING
from services.case.dependencies.repository import Needed
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.notices import in_charge
from services.case.notices.repository import NewNotice, clear, clear_because, raise_notices
from services.case.plan import lifecycle, repository
from services.case.pledges.lifecycle import PLEDGE, check_giver, followed, status_of
from services.case.promises import repository as promises
from services.case.promises.standing import OF_ACTIONS, PLEDGED, Owed, in_words
from services.case.team import repository as team
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import invalid, not_found
from shared.records.plan import (
    ActionAnswer,
    ActionChange,
    ActionFields,
    ActionSource,
    ActionStatus,
    AgreedAction,
    Answered,
    CarriedAction,
    CarriedActions,
    NewAction,
    NewActions,
    PledgeState,
)

TO_ANSWER = "action_to_answer"
ANSWERED = "action_answered"
_ASKED = (TO_ANSWER, "news_asked_for")
_LATE = ("promise_overdue", "promise_long_overdue", "pledge_overdue")


def add_actions(
    session: WriteSession, request: WriteRequest, case: str, body: NewActions, *, pledged: bool = False
) -> Outcome:
    """Agree actions, here or at a meeting (``agreed_at``); each asks the agency that is to owe it.
    ``pledged``: that agency was there and promised it."""
    locked = lock_open_case(session, case)
    reach = subjects_in_reach(session, case)
    known = {promise.entry for promise in promises.of_case(session, case) if promise.kind in OF_ACTIONS}
    for index, action in enumerate(body.actions):
        _check(session, request, case, action, f"actions.{index}.")
        _check_needs(action.needs, known, f"actions.{index}.needs")
    created = [
        _add_action(
            session, request, case, locked.person, reach, action, f"actions.{index}.subjects", pledged=pledged
        )
        for index, action in enumerate(body.actions)
    ]
    return {"actions": [{"id": entry_id, "version": 1, "status": "agreed"} for entry_id in created]}


def _check(session: ReadSession, request: WriteRequest, case: str, action: NewAction, path: str) -> None:
    lifecycle.check_by_when(action.by_when, request.at.date(), f"{path}by_when")
    lifecycle.check_days(action.starts_on, action.needed_by, action.by_when, path)
    if action.goal is not None and not entries.find_in_case(session, case, "plan_goal", action.goal):
        raise invalid(f"{path}goal", "Name a goal of this case that you can see.")


def _check_needs(needs: Iterable[str], known: Collection[str], field: str) -> None:
    for number, needed in enumerate(needs):
        if needed not in known:
            raise invalid(f"{field}.{number}", "Name an action of this case that you can see.")


def _add_action(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    main: str,
    reach: Collection[str],
    action: NewAction,
    field: str,
    *,
    pledged: bool,
) -> str:
    pledge = PledgeState(PLEDGE.initial) if pledged else None
    agreed = _agreed(action, agreed_at=action.agreed_at, pledge=pledge)
    entry = entries.NewEntry(
        kind="action",
        case=case,
        subjects=entries.subjects_for_case(action.subjects, reach, main, field),
        fields=stored(agreed),
        accountable=action.accountable,
        more_categories=action.categories,
    )
    entry_id = _keep(session, request, case, entry, agreed)
    if action.goal is not None:
        repository.serve(session, case, entry_id, action.goal)
    for needed in dict.fromkeys(action.needs):
        # Nothing waits for what is new, so this closes no circle.
        dependencies.add(session, request, case, Needed(entry_id, needed, counts=True))
    return entry_id


def _agreed(action: AgreedAction, **more: Any) -> ActionFields:
    kept = action.model_dump(include=set(AgreedAction.model_fields))
    return ActionFields(**kept, status=ActionStatus.AGREED, **more)


def _keep(
    session: WriteSession, request: WriteRequest, case: str, entry: entries.NewEntry, agreed: ActionFields
) -> str:
    entry_id = entries.add_entry(session, request, entry)
    promises.keep(session, case, entry_id, _owed(agreed), request.at)
    _ask_for_an_answer(session, request, case, entry_id, 1, agreed)
    return entry_id


def _owed(action: ActionFields) -> Owed:
    return Owed(
        kind="action" if action.pledge is None else PLEDGED,
        accountable=action.accountable,
        status=status_of(action),
        due_on=action.by_when,
        needed_on=action.needed_by or action.starts_on or action.by_when,
        responsible_user=action.responsible_user,
    )


def _ask_for_an_answer(
    session: WriteSession, request: WriteRequest, case: str, entry: str, version: int, action: ActionFields
) -> None:
    """Tell an agency that it is to owe something, unless it says so itself."""
    if action.accountable == request.caller.agency:
        return
    places = team.places_of(session, [case], request.at.date())[case]
    whom = in_charge.of_agency(places, action.accountable, action.responsible_user)
    notices = [NewNotice(case, TO_ANSWER, entry, one, str(version)) for one in whom]
    raise_notices(session, notices, request.at)


def carry_over(session: WriteSession, request: WriteRequest, case: str, body: CarriedActions) -> Outcome:
    """Carry agreed actions of an assessment into the plan, each once, however often this is sent.

    Dates that have passed since the assessment are carried as they were agreed.
    """
    lock_open_case(session, case)
    reach = subjects_in_reach(session, case)
    for index, action in enumerate(body.actions):
        entries.within_reach(action.subjects, reach, f"actions.{index}.subjects")
    known = repository.carried_already(session, case, (action.source for action in body.actions))
    created: dict[str, str] = {}
    for action in body.actions:
        if action.source not in known and action.source not in created:
            created[action.source] = _carry(session, request, case, body.assessment, action)
    return {"created": _pairs(created), "existing": _pairs(known)}


def _carry(
    session: WriteSession, request: WriteRequest, case: str, assessment: str, action: CarriedAction
) -> str:
    agreed = _agreed(action, source=ActionSource(assessment=assessment, entry=action.source))
    entry = entries.NewEntry(
        kind="action",
        case=case,
        owner=action.owner,
        subjects=list(dict.fromkeys(action.subjects)),
        fields=stored(agreed),
        accountable=action.accountable,
        more_categories=action.categories,
    )
    entry_id = _keep(session, request, case, entry, agreed)
    repository.mark_carried(session, case, action.source, entry_id)
    return entry_id


def _pairs(actions: dict[str, str]) -> list[dict[str, str]]:
    return [{"source": source, "id": entry_id} for source, entry_id in actions.items()]


def change_action(
    session: WriteSession, request: WriteRequest, case: str, entry_id: str, body: ActionChange
) -> Outcome:
    """Write how an action stands (the agency that owes it), or what was agreed (its owner)."""
    lock_open_case(session, case)
    found, action = _find(session, case, entry_id)
    lifecycle.check_writer(body, request.caller.agency, found.owner, action.accountable)
    if found.version != body.expected_version:
        raise entries.stale()
    after = lifecycle.changed(action, body, request.at.date())
    check_giver(action, after)
    version = _write(session, request, entry_id, found, action, after)
    if after.answer is None and (after.accountable, after.status) != (action.accountable, action.status):
        _ask_for_an_answer(session, request, case, entry_id, version, after)
    return {"id": entry_id, "version": version, "status": str(after.status)}


def _find(session: ReadSession, case: str, entry_id: str) -> tuple[entries.Found, ActionFields]:
    found = entries.find_in_case(session, case, "action", entry_id)
    if found is None:
        raise not_found()
    return found, ActionFields.model_validate(found.fields)


def _write(
    session: WriteSession,
    request: WriteRequest,
    entry_id: str,
    found: entries.Found,
    before: ActionFields,
    after: ActionFields,
) -> int:
    after = after.model_copy(update={"pledge": followed(before, after)})
    version = entries.correct_entry(
        session, request, entry_id, found.version, stored(after), after.accountable
    )
    owed = _owed(after)
    promises.follow(session, entry_id, owed)
    if request.caller.agency == before.accountable or after.accountable != before.accountable:
        clear(session, entry_id, request.at, _ASKED)
    if owed != _owed(before):
        _settle(session, request, entry_id)
    return version


def _settle(session: WriteSession, request: WriteRequest, entry_id: str) -> None:
    """What was said of its day no longer holds, of itself and of what waits for it; the clocks look anew."""
    clear(session, entry_id, request.at, [*_LATE, WARNING])
    clear_because(session, entry_id, request.at)


def answer(session: WriteSession, request: WriteRequest, case: str, entry_id: str, body: Answered) -> Outcome:
    """Accept an action, accept it in part or decline it, for the agency that is to owe it."""
    lock_open_case(session, case)
    found, action = _find(session, case, entry_id)
    if request.caller.agency != action.accountable:
        raise lifecycle.not_yours_to_answer()
    after = lifecycle.answered(action, body)
    version = _write(session, request, entry_id, found, action, after)
    if body.answer is not ActionAnswer.ACCEPTED:
        _tell_of_the_answer(session, request, case, entry_id, version, found.owner)
    return {"id": entry_id, "version": version, "status": str(after.status), "answer": str(after.answer)}


def _tell_of_the_answer(
    session: WriteSession, request: WriteRequest, case: str, entry_id: str, version: int, owner: str
) -> None:
    """What nobody does, or not all of, is told to whoever is in charge and to the agency that recorded it."""
    places = team.places_of(session, [case], request.at.date())[case]
    told = [one for one in in_charge.lead_or_managers(places) if one.agency != request.caller.agency]
    if owner != request.caller.agency:
        told += in_charge.of_agency(places, owner)
    notices = [NewNotice(case, ANSWERED, entry_id, one, str(version)) for one in dict.fromkeys(told)]
    raise_notices(session, notices, request.at)


def follow_up(session: ReadSession, case: str, at: datetime) -> dict[str, Any]:
    """What is kept beside the entries of a plan, raw: how every promise stands, what waits for what, which
    goals are served. Nothing for a case that is not there."""
    today = at.date()
    return {
        "promises": {
            promise.entry: {
                "standing": in_words(promise.status, promise.due_on, today),
                "age_days": (today - promise.promised_at.date()).days,
                "late_days": max((today - promise.due_on).days, 0) if promise.open else 0,
                "asked": promise.asked,
                "asked_at": None if promise.asked_at is None else rfc3339(promise.asked_at),
            }
            for promise in promises.of_case(session, case)
        },
        "needs": [[link.action, link.needs] for link in dependencies.of_case(session, case)],
        "goals": repository.goals_served(session, case),
    }
