"""HTTP about who stands in for a lead."""

from fastapi import APIRouter, Response

from services.case.deputies import operations
from shared.ids import id_or_nowhere
from shared.records.cases import NewDeputy
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/deputies", route_class=StrictRoute)


@router.get("")
async def deputies(parts: ServiceParts, _: InsideCaller, case: str) -> Response:
    return json_response(await parts.store.read(operations.deputies, id_or_nowhere(case)))


@router.post("")
async def name_deputy(parts: ServiceParts, write: Write, case: str, body: NewDeputy) -> Response:
    return created(await parts.write_once(write, operations.name_deputy, id_or_nowhere(case), body))


@router.post("/{deputy}/ending")
async def end_deputy(parts: ServiceParts, write: Write, case: str, deputy: str) -> Response:
    case, deputy = id_or_nowhere(case), id_or_nowhere(deputy)
    return json_response(await parts.write_once(write, operations.end_deputy, case, deputy))
