"""What can happen to an action, and who writes which part of it (design 3.2)."""

from collections.abc import Mapping
from datetime import date

from services.case.lifecycles import Lifecycle
from shared.problems import Problem, conflict, forbidden, invalid
from shared.records.plan import ActionAnswer, ActionChange, ActionFields, ActionStatus, Answered

_ENDED = "An action that has ended can be taken up again, and one under way is agreed already."

ACTION = Lifecycle(
    name="An action",
    initial="agreed",
    transitions={
        ("agreed", "acceptance"): "agreed",
        ("agreed", "partial_acceptance"): "agreed",
        ("agreed", "decline"): "declined",
        ("declined", "acceptance"): "agreed",
        ("declined", "new_agreement"): "agreed",
        ("agreed", "start"): "in_progress",
        ("agreed", "completion"): "done",
        ("agreed", "giving_up"): "not_done",
        ("agreed", "closure"): "ended",
        ("in_progress", "completion"): "done",
        ("in_progress", "giving_up"): "not_done",
        ("in_progress", "closure"): "ended",
        ("done", "taking_up"): "in_progress",
        ("not_done", "taking_up"): "in_progress",
        ("ended", "taking_up"): "in_progress",
    },
    refusals={
        "agreed": _ENDED,
        "in_progress": "This is under way. Say that it is done, or that it will not be.",
        "done": _ENDED,
        "not_done": _ENDED,
        "ended": _ENDED,
        "declined": "This was declined. Accept it, or agree it anew with whoever will do it.",
    },
)

ANSWERS: Mapping[ActionAnswer, str] = {
    ActionAnswer.ACCEPTED: "acceptance",
    ActionAnswer.ACCEPTED_IN_PART: "partial_acceptance",
    ActionAnswer.DECLINED: "decline",
}

_WRITTEN = {
    ActionStatus.DONE: "completion",
    ActionStatus.NOT_DONE: "giving_up",
}
_OF_THE_ACCOUNTABLE = {"status", "outcome"}
_AGREED_ANEW = {"accountable", "action", "by_when"}


def check_by_when(by_when: date, today: date, path: str) -> None:
    if by_when < today:
        raise invalid(path, "This day has passed; choose one from today on.")


def check_days(starts_on: date | None, needed_by: date | None, by_when: date, path: str = "") -> None:
    """An action ends on the day on which it begins or later, and waits for nothing until after its end."""
    if starts_on is not None and starts_on > by_when:
        raise invalid(f"{path}starts_on", "This would end before it starts; choose an earlier day.")
    if needed_by is not None and needed_by > by_when:
        raise invalid(f"{path}needed_by", "This would be needed after its end; choose an earlier day.")


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
    if change.status not in (None, action.status):
        new["status"] = _written(action.status, change.status)
    after = _agreed_anew(action.model_copy(update=new), action, change)
    check_days(after.starts_on, after.needed_by, after.by_when)
    if after.status is ActionStatus.DONE and after.outcome is None:
        raise invalid("outcome", "Say what came of it.")
    return after


def _written(before: ActionStatus, wanted: ActionStatus | None) -> ActionStatus:
    """The status that somebody writes; agreed, declined and ended come of other things than writing them."""
    event = _WRITTEN.get(wanted) if wanted is not None else None
    if wanted is ActionStatus.IN_PROGRESS:
        event = "start" if before is ActionStatus.AGREED else "taking_up"
    if event is None:
        raise conflict(ACTION.refusals[before])
    return ActionStatus(ACTION.after(before, event))


def _agreed_anew(after: ActionFields, before: ActionFields, change: ActionChange) -> ActionFields:
    """To what is agreed anew nobody has said anything yet: whoever owes it is asked again."""
    asked_of_another = after.accountable != before.accountable
    declined = before.status is ActionStatus.DECLINED and bool(change.model_fields_set & _AGREED_ANEW)
    if not asked_of_another and not declined:
        return after
    unanswered: dict[str, object] = {"answer": None, "accepted_part": None, "answer_reason": None}
    if before.status is ActionStatus.DECLINED:
        unanswered["status"] = ActionStatus(ACTION.after(before.status, "new_agreement"))
    return after.model_copy(update=unanswered)


def answered(action: ActionFields, said: Answered) -> ActionFields:
    """The action after its agency answered; the answer stands in place of the one before."""
    status = ActionStatus(ACTION.after(action.status, ANSWERS[said.answer]))
    return action.model_copy(
        update={
            "status": status,
            "answer": said.answer,
            "accepted_part": said.part,
            "answer_reason": said.reason,
        }
    )


def not_yours_to_answer() -> Problem:
    return forbidden("Only the agency that is to do this can answer; ask them to.")
