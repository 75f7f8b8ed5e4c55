"""HTTP about the plan."""

from fastapi import APIRouter, Response

from services.case.plan import operations
from shared.ids import id_or_nowhere
from shared.records.plan import ActionChange, CarriedActions, NewActions
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/actions", route_class=StrictRoute)


@router.post("")
async def add_actions(parts: ServiceParts, write: Write, case: str, body: NewActions) -> Response:
    return created(await parts.write_once(write, operations.add_actions, id_or_nowhere(case), body))


@router.post("/carried-over")
async def carry_over(parts: ServiceParts, write: Write, case: str, body: CarriedActions) -> Response:
    return created(await parts.write_once(write, operations.carry_over, id_or_nowhere(case), body))


@router.patch("/{action}")
async def change_action(
    parts: ServiceParts, write: Write, case: str, action: str, body: ActionChange
) -> Response:
    """Another accountable agency ends what the one before read as its own, so that waits D."""
    case, action = id_or_nowhere(case), id_or_nowhere(action)
    do = parts.write_once if body.accountable is None else parts.take_away
    return json_response(await do(write, operations.change_action, case, action, body))
