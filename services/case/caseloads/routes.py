"""HTTP about caseloads."""

from fastapi import APIRouter, Response

from services.case.caseloads import operations
from shared.ids import id_or_nowhere
from shared.records.cases import CaseloadCap, CaseWeight
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/weight")
async def weigh(parts: ServiceParts, write: Write, case: str, body: CaseWeight) -> Response:
    return json_response(await parts.write_once(write, operations.weigh, id_or_nowhere(case), body))


@router.post("/users/{user:path}/caseload-cap")
async def set_cap(parts: ServiceParts, write: Write, user: str, body: CaseloadCap) -> Response:
    return json_response(await parts.write_once(write, operations.set_cap, user, body))


@router.get("/users/{user:path}/caseload-cap")
async def caseload_of(parts: ServiceParts, caller: InsideCaller, user: str) -> Response:
    return json_response(await parts.store.read(operations.caseload_of, caller, user))


@router.get("/leading")
async def leading(parts: ServiceParts, caller: InsideCaller) -> Response:
    """The cases that the caller leads: what is for their lead is for them."""
    return json_response(await parts.store.read(operations.leading, caller))


@router.get("/cases/{case}/nominees")
async def loads_of_team(parts: ServiceParts, _: InsideCaller, case: str) -> Response:
    return json_response(await parts.store.read(operations.loads_of_team, id_or_nowhere(case)))


@router.get("/cases/{case}/nominations/{nomination}/load")
async def load_of_nominee(parts: ServiceParts, _: InsideCaller, case: str, nomination: str) -> Response:
    case, nomination = id_or_nowhere(case), id_or_nowhere(nomination)
    return json_response(await parts.store.read(operations.load_of_nominee, case, nomination))
