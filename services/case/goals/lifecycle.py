"""What can happen to a goal."""

from collections.abc import Mapping

from services.case.lifecycles import Lifecycle
from shared.problems import invalid
from shared.records.plan import GoalChange, GoalStatus, PlanGoalFields

GOAL = Lifecycle(
    name="A goal",
    initial="open",
    transitions={
        ("open", "reaching"): "reached",
        ("open", "giving_up"): "given_up",
        ("reached", "taking_up"): "open",
        ("given_up", "taking_up"): "open",
    },
    refusals={
        "reached": "This goal was reached. Take it up again first.",
        "given_up": "This goal was given up. Take it up again first.",
    },
)

_EVENTS: Mapping[GoalStatus, str] = {
    GoalStatus.REACHED: "reaching",
    GoalStatus.GIVEN_UP: "giving_up",
    GoalStatus.OPEN: "taking_up",
}


def changed(goal: PlanGoalFields, change: GoalChange) -> PlanGoalFields:
    """The goal after a change; one that ends says what came of it."""
    new = change.model_dump(exclude={"expected_version"}, exclude_none=True)
    if change.status not in (None, goal.status):
        new["status"] = GoalStatus(GOAL.after(goal.status, _EVENTS[GoalStatus(new["status"])]))
    after = goal.model_copy(update=new)
    if after.status is not GoalStatus.OPEN and after.what_came_of_it is None:
        raise invalid("what_came_of_it", "Say what came of it.")
    return after
