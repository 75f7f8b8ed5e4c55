"""HTTP about the lead professional."""

from fastapi import APIRouter, Response

from services.case.lead_professional import operations
from shared.ids import id_or_nowhere
from shared.records.cases import NewNomination, NominationObjection, NominationRefusal
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute

router = APIRouter(prefix="/cases/{case}/nominations", route_class=StrictRoute)


@router.post("")
async def nominate(parts: ServiceParts, write: Write, case: str, body: NewNomination) -> Response:
    return created(await parts.write_once(write, operations.nominate, id_or_nowhere(case), body))


@router.post("/{nomination}/acceptance")
async def accept(parts: ServiceParts, write: Write, case: str, nomination: str) -> Response:
    """Whoever led until now sees less than a lead does, so a handover waits D before it answers."""
    case, nomination = id_or_nowhere(case), id_or_nowhere(nomination)
    return created(await parts.take_away_if_told(write, operations.accept, case, nomination))


@router.post("/{nomination}/refusal")
async def refuse(
    parts: ServiceParts, write: Write, case: str, nomination: str, body: NominationRefusal
) -> Response:
    case, nomination = id_or_nowhere(case), id_or_nowhere(nomination)
    return created(await parts.write_once(write, operations.refuse, case, nomination, body))


@router.post("/{nomination}/withdrawal")
async def withdraw(parts: ServiceParts, write: Write, case: str, nomination: str) -> Response:
    case, nomination = id_or_nowhere(case), id_or_nowhere(nomination)
    return created(await parts.write_once(write, operations.withdraw, case, nomination))


@router.post("/{nomination}/objection")
async def object_to(
    parts: ServiceParts, write: Write, case: str, nomination: str, body: NominationObjection
) -> Response:
    case, nomination = id_or_nowhere(case), id_or_nowhere(nomination)
    return created(await parts.write_once(write, operations.object_to, case, nomination, body))
