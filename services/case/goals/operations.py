"""Agreeing goals and saying what came of them."""

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock_open_case
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.goals import lifecycle
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.records.plan import GoalChange, GoalStatus, NewGoal, PlanGoalFields

_KIND = "plan_goal"


def add_goal(session: WriteSession, request: WriteRequest, case: str, body: NewGoal) -> Outcome:
    locked = lock_open_case(session, case)
    fields = PlanGoalFields(**body.model_dump(exclude={"categories", "subjects"}), status=GoalStatus.OPEN)
    entry = entries.NewEntry(
        kind=_KIND,
        case=case,
        subjects=entries.subjects_for_case(body.subjects, subjects_in_reach(session, case), locked.person),
        fields=stored(fields),
        more_categories=body.categories,
    )
    return {"id": entries.add_entry(session, request, entry), "version": 1, "status": "open"}


def change_goal(
    session: WriteSession, request: WriteRequest, case: str, goal: str, body: GoalChange
) -> Outcome:
    lock_open_case(session, case)
    refusal = "Only the agency that recorded this goal can change it; ask them to."
    found = entries.find_own(session, request, case, _KIND, goal, refusal)
    if found.version != body.expected_version:
        raise entries.stale()
    after = lifecycle.changed(PlanGoalFields.model_validate(found.fields), body)
    version = entries.correct_entry(session, request, goal, body.expected_version, stored(after))
    return {"id": goal, "version": version, "status": str(after.status)}
