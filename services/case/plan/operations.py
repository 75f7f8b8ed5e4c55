"""Agreeing actions, carrying them over from an assessment, and seeing them through."""

from collections.abc import Iterable

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock_open_case
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.plan import lifecycle, repository
from services.case.promises import repository as promises
from services.case.promises.standing import Owed
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import invalid, not_found
from shared.records.plan import (
    ActionChange,
    ActionFields,
    ActionSource,
    ActionStatus,
    CarriedAction,
    CarriedActions,
    NewAction,
    NewActions,
)

_AGREED = {
    "desired_outcome", "action", "by_when", "accountable", "responsible_name", "responsible_user",
}  # fmt: skip


def add_actions(session: WriteSession, request: WriteRequest, case: str, body: NewActions) -> Outcome:
    locked = lock_open_case(session, case)
    reach = subjects_in_reach(session, case)
    for index, action in enumerate(body.actions):
        lifecycle.check_by_when(action.by_when, request.at.date(), f"actions.{index}.by_when")
        _check_subjects(action.subjects, reach, index)
    created = [_add_action(session, request, case, locked.person, action) for action in body.actions]
    return {"actions": [{"id": entry_id, "version": 1, "status": "agreed"} for entry_id in created]}


def _check_subjects(subjects: Iterable[str], reach: set[str], index: int) -> None:
    for number, person in enumerate(subjects):
        if person not in reach:
            raise invalid(
                f"actions.{index}.subjects.{number}",
                "Name somebody whom this case is about; add them to the case first.",
            )


def _add_action(session: WriteSession, request: WriteRequest, case: str, main: str, action: NewAction) -> str:
    agreed = _agreed(action)
    entry = entries.NewEntry(
        kind="action",
        case=case,
        subjects=list(dict.fromkeys(action.subjects)) or [main],
        fields=stored(agreed),
        accountable=action.accountable,
        more_categories=action.categories,
    )
    entry_id = entries.add_entry(session, request, entry)
    promises.keep(session, case, entry_id, _owed(agreed), request.at)
    return entry_id


def _agreed(action: NewAction | CarriedAction, source: ActionSource | None = None) -> ActionFields:
    kept = action.model_dump(include=_AGREED)
    return ActionFields(**kept, status=ActionStatus.AGREED, source=source)


def _owed(action: ActionFields) -> Owed:
    return Owed(
        kind="action",
        accountable=action.accountable,
        status=action.status,
        due_on=action.by_when,
        responsible_user=action.responsible_user,
    )


def carry_over(session: WriteSession, request: WriteRequest, case: str, body: CarriedActions) -> Outcome:
    """Carry agreed actions of an assessment into the plan, each once, however often this is sent.

    Dates that have passed since the assessment are carried as they were agreed.
    """
    lock_open_case(session, case)
    reach = subjects_in_reach(session, case)
    for index, action in enumerate(body.actions):
        _check_subjects(action.subjects, reach, index)
    known = repository.carried_already(session, case, (action.source for action in body.actions))
    created: dict[str, str] = {}
    for action in body.actions:
        if action.source not in known and action.source not in created:
            created[action.source] = _carry(session, request, case, body.assessment, action)
    return {"created": _pairs(created), "existing": _pairs(known)}


def _carry(
    session: WriteSession, request: WriteRequest, case: str, assessment: str, action: CarriedAction
) -> str:
    agreed = _agreed(action, ActionSource(assessment=assessment, entry=action.source))
    entry = entries.NewEntry(
        kind="action",
        case=case,
        owner=action.owner,
        subjects=list(dict.fromkeys(action.subjects)),
        fields=stored(agreed),
        accountable=action.accountable,
        more_categories=action.categories,
    )
    entry_id = entries.add_entry(session, request, entry)
    promises.keep(session, case, entry_id, _owed(agreed), request.at)
    repository.mark_carried(session, case, action.source, entry_id)
    return entry_id


def _pairs(actions: dict[str, str]) -> list[dict[str, str]]:
    return [{"source": source, "id": entry_id} for source, entry_id in actions.items()]


def change_action(
    session: WriteSession, request: WriteRequest, case: str, entry_id: str, body: ActionChange
) -> Outcome:
    lock_open_case(session, case)
    found = entries.find_in_case(session, case, "action", entry_id)
    if found is None:
        raise not_found()
    action = ActionFields.model_validate(found.fields)
    lifecycle.check_writer(body, request.caller.agency, found.owner, action.accountable)
    if found.version != body.expected_version:
        raise entries.stale()
    after = lifecycle.changed(action, body, request.at.date())
    version = entries.correct_entry(
        session, request, entry_id, body.expected_version, stored(after), after.accountable
    )
    promises.follow(session, entry_id, _owed(after))
    return {"id": entry_id, "version": version, "status": str(after.status)}
