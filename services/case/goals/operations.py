"""Agreeing goals and saying what came of them."""

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock_open_case
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.goals import lifecycle
from services.case.plan import repository as plan
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.records.plan import (
    ActionSource,
    CarriedGoal,
    CarriedGoals,
    GoalChange,
    GoalStatus,
    NewGoal,
    PlanGoalFields,
)

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


def carry_over(session: WriteSession, request: WriteRequest, case: str, body: CarriedGoals) -> Outcome:
    """Carry the goals of an assessment into the plan, each once, however often this is sent."""
    locked = lock_open_case(session, case)
    reach = subjects_in_reach(session, case)
    for index, goal in enumerate(body.goals):
        entries.subjects_for_case(goal.subjects, reach, locked.person, f"goals.{index}.subjects")
    known = plan.carried_already(session, case, (goal.source for goal in body.goals))
    created: dict[str, str] = {}
    for goal in body.goals:
        if goal.source not in known and goal.source not in created:
            created[goal.source] = _carry(session, request, case, body.assessment, goal)
    return {"created": _pairs(created), "existing": _pairs(known)}


def _carry(
    session: WriteSession, request: WriteRequest, case: str, assessment: str, goal: CarriedGoal
) -> str:
    source = ActionSource(assessment=assessment, entry=goal.source)
    entry = entries.NewEntry(
        kind=_KIND,
        case=case,
        owner=goal.owner,
        subjects=list(dict.fromkeys(goal.subjects)),
        fields=stored(PlanGoalFields(goal=goal.goal, status=GoalStatus.OPEN, source=source)),
        more_categories=goal.categories,
    )
    entry_id = entries.add_entry(session, request, entry)
    plan.mark_carried(session, case, goal.source, entry_id)
    return entry_id


def _pairs(goals: dict[str, str]) -> list[dict[str, str]]:
    return [{"source": source, "id": entry_id} for source, entry_id in goals.items()]


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
