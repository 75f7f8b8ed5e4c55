"""What can happen to an action, and who writes which part of it (design 3.2)."""

from datetime import date

from shared.problems import conflict, forbidden, invalid
from shared.records.plan import ActionChange, ActionFields, ActionStatus

_NEXT = {
    ActionStatus.AGREED: {ActionStatus.IN_PROGRESS, ActionStatus.DONE, ActionStatus.NOT_DONE},
    ActionStatus.IN_PROGRESS: {ActionStatus.DONE, ActionStatus.NOT_DONE},
    ActionStatus.DONE: {ActionStatus.IN_PROGRESS},
    ActionStatus.NOT_DONE: {ActionStatus.IN_PROGRESS},
}
_OF_THE_ACCOUNTABLE = {"status", "outcome"}


def check_by_when(by_when: date, today: date, path: str) -> None:
    if by_when < today:
        raise invalid(path, "This day has passed; choose one from today on.")


def check_writer(change: ActionChange, agency: str, owner: str, accountable: str) -> None:
    """The agency that owes an action alone writes its status; its owner alone the rest."""
    written = change.model_fields_set - {"expected_version"}
    if written & _OF_THE_ACCOUNTABLE and agency != accountable:
        raise forbidden("Only the agency that owes this action can say how it stands; ask them to.")
    if written - _OF_THE_ACCOUNTABLE and agency != owner:
        raise forbidden("Only the agency that recorded this action can change what was agreed; ask them to.")


def changed(action: ActionFields, change: ActionChange, today: date) -> ActionFields:
    """The action after a change, or what stands against it."""
    new = change.model_dump(exclude={"expected_version"}, exclude_none=True)
    if change.by_when is not None and change.by_when != action.by_when:
        check_by_when(change.by_when, today, "by_when")
    if change.status not in (None, action.status) and change.status not in _NEXT[action.status]:
        raise conflict("An action that has ended can be taken up again, and one under way is agreed already.")
    after = action.model_copy(update=new)
    if after.status is ActionStatus.DONE and after.outcome is None:
        raise invalid("outcome", "Say what came of it.")
    return after
