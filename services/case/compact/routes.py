"""HTTP about compacts."""

from fastapi import APIRouter, Response

from services.case.compact import operations
from shared.ids import id_or_nowhere
from shared.records.compact import CommitmentStanding, CompactToStore, NewSignature
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/compacts", route_class=StrictRoute)


@router.post("")
async def make(parts: ServiceParts, write: Write, case: str, body: CompactToStore) -> Response:
    return created(await parts.write_once(write, operations.make, id_or_nowhere(case), body))


@router.post("/{compact}/signatures")
async def sign(parts: ServiceParts, write: Write, case: str, compact: str, body: NewSignature) -> Response:
    case, compact = id_or_nowhere(case), id_or_nowhere(compact)
    return created(await parts.write_once(write, operations.sign, case, compact, body))


@router.post("/commitments/{commitment}/standing")
async def say_what_became(
    parts: ServiceParts, write: Write, case: str, commitment: str, body: CommitmentStanding
) -> Response:
    case, commitment = id_or_nowhere(case), id_or_nowhere(commitment)
    done = await parts.write_once(write, operations.say_what_became, case, commitment, body)
    return json_response(done)
