"""HTTP about goals."""

from fastapi import APIRouter, Response

from services.case.goals import operations
from shared.ids import id_or_nowhere
from shared.records.plan import CarriedGoals, GoalChange, NewGoal
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/goals", route_class=StrictRoute)


@router.post("")
async def add_goal(parts: ServiceParts, write: Write, case: str, body: NewGoal) -> Response:
    return created(await parts.write_once(write, operations.add_goal, id_or_nowhere(case), body))


@router.post("/carried-over")
async def carry_over(parts: ServiceParts, write: Write, case: str, body: CarriedGoals) -> Response:
    return created(await parts.write_once(write, operations.carry_over, id_or_nowhere(case), body))


@router.patch("/{goal}")
async def change_goal(parts: ServiceParts, write: Write, case: str, goal: str, body: GoalChange) -> Response:
    case, goal = id_or_nowhere(case), id_or_nowhere(goal)
    return json_response(await parts.write_once(write, operations.change_goal, case, goal, body))
