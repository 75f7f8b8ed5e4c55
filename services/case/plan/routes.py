"""HTTP about the plan."""

from fastapi import APIRouter, Response

from services.case.dependencies import operations as dependencies
from services.case.plan import operations
from services.case.promises import operations as promises
from shared.ids import id_or_nowhere
from shared.records.plan import ActionChange, Answered, CarriedActions, DependencyToKeep, NewActions
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}", route_class=StrictRoute)


@router.post("/actions")
async def add_actions(parts: ServiceParts, write: Write, case: str, body: NewActions) -> Response:
    return created(await parts.write_once(write, operations.add_actions, id_or_nowhere(case), body))


@router.post("/actions/carried-over")
async def carry_over(parts: ServiceParts, write: Write, case: str, body: CarriedActions) -> Response:
    return created(await parts.write_once(write, operations.carry_over, id_or_nowhere(case), body))


@router.patch("/actions/{action}")
async def change_action(
    parts: ServiceParts, write: Write, case: str, action: str, body: ActionChange
) -> Response:
    """Another accountable agency ends what the one before read as its own, so that waits D."""
    case, action = id_or_nowhere(case), id_or_nowhere(action)
    do = parts.write_once if body.accountable is None else parts.take_away
    return json_response(await do(write, operations.change_action, case, action, body))


@router.post("/actions/{action}/answer")
async def answer(parts: ServiceParts, write: Write, case: str, action: str, body: Answered) -> Response:
    case, action = id_or_nowhere(case), id_or_nowhere(action)
    return json_response(await parts.write_once(write, operations.answer, case, action, body))


@router.post("/actions/{action}/dependencies")
async def add_dependency(
    parts: ServiceParts, write: Write, case: str, action: str, body: DependencyToKeep
) -> Response:
    case, action = id_or_nowhere(case), id_or_nowhere(action)
    return created(await parts.write_once(write, dependencies.add_dependency, case, action, body))


@router.delete("/actions/{action}/dependencies/{needs}")
async def remove_dependency(
    parts: ServiceParts, write: Write, case: str, action: str, needs: str
) -> Response:
    case, action, needs = id_or_nowhere(case), id_or_nowhere(action), id_or_nowhere(needs)
    return json_response(await parts.write_once(write, dependencies.remove_dependency, case, action, needs))


@router.post("/promises/{promise}/news-request")
async def ask_for_news(parts: ServiceParts, write: Write, case: str, promise: str) -> Response:
    case, promise = id_or_nowhere(case), id_or_nowhere(promise)
    return created(await parts.write_once(write, promises.ask_for_news, case, promise))


@router.get("/promises/{promise}/alone")
async def find_owed(parts: ServiceParts, caller: InsideCaller, case: str, promise: str) -> Response:
    case, promise = id_or_nowhere(case), id_or_nowhere(promise)
    return json_response(await parts.store.read(promises.find_owed, caller, case, promise, parts.clock()))


@router.get("/follow-up")
async def follow_up(parts: ServiceParts, _: InsideCaller, case: str) -> Response:
    known = id_or_nowhere(case)
    return json_response(await parts.store.read(operations.follow_up, known, parts.clock()))
