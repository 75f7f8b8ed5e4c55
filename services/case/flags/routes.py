"""HTTP about flags."""

from fastapi import APIRouter, Response

from services.case.flags import operations
from shared.ids import id_or_nowhere
from shared.records.flags import FlagEnding, NewFlag
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/flags", route_class=StrictRoute)


@router.post("")
async def raise_flag(parts: ServiceParts, write: Write, case: str, body: NewFlag) -> Response:
    return created(await parts.write_once(write, operations.raise_flag, id_or_nowhere(case), body))


@router.post("/{flag}/ending")
async def end_flag(parts: ServiceParts, write: Write, case: str, flag: str, body: FlagEnding) -> Response:
    case, flag = id_or_nowhere(case), id_or_nowhere(flag)
    return json_response(await parts.write_once(write, operations.end_flag, case, flag, body))
