"""HTTP about worklists."""

from fastapi import APIRouter, Response

from services.case.absences import operations as absences
from services.case.worklists import operations
from services.case.worklists.schemas import GapsAsk, PromisesAsk
from shared.records.users import RolesShownNothing, UserAbsence, UserReturn
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/promises/mine")
async def promises(parts: ServiceParts, caller: InsideCaller, body: PromisesAsk) -> Response:
    return json_response(await parts.store.read(operations.promises, caller, body, parts.clock()))


@router.post("/gaps")
async def gaps(parts: ServiceParts, caller: InsideCaller, body: GapsAsk) -> Response:
    return json_response(await parts.store.read(operations.gaps, caller, body, parts.clock()))


@router.post("/users/{user:path}/absence")
async def note_absence(parts: ServiceParts, write: Write, user: str, body: UserAbsence) -> Response:
    return json_response(await parts.write_once(write, operations.note_absence, user, body))


@router.post("/roles-shown-nothing")
async def note_roles(parts: ServiceParts, write: Write, body: RolesShownNothing) -> Response:
    return json_response(await parts.write_once(write, absences.note_roles, body))


@router.post("/users/{user:path}/absence/ending")
async def note_return(parts: ServiceParts, write: Write, user: str, body: UserReturn) -> Response:
    return json_response(await parts.write_once(write, operations.note_return, user, body))
