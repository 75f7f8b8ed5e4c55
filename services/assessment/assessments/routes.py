"""Assessments over HTTP, for the gateway alone. Reads answer raw entries, undecided."""

from fastapi import APIRouter, Response

from services.assessment.assessments import operations
from shared.identity import Caller
from shared.problems import invalid
from shared.records.assessments import (
    AssessmentToStart,
    CasesToLabel,
    EntryCorrection,
    NewEntry,
    Signature,
)
from shared.service import InsideCaller, Parts, ServiceParts, Write, created
from shared.web import StrictRequest, StrictRoute, hot_route, json_response

router = APIRouter(prefix="/cases", route_class=StrictRoute)


async def read_case(request: StrictRequest, _: Caller) -> Response:
    """The assessments of a case with their entries; ``?superseded=true`` with the superseded ones too."""
    parts: Parts = request.app.state.parts
    superseded = request.query_params.get("superseded", "false")
    if superseded not in ("true", "false"):
        raise invalid("superseded", "Say true or false.")
    case = request.path_params["case"]
    return json_response(
        await parts.store.read(operations.read_case, parts.extra, case, superseded == "true")
    )


hot_routes = (hot_route("GET", "/cases/{case}/entries", read_case),)


@router.post("/labels")
async def labels_of_cases(body: CasesToLabel, _: InsideCaller, parts: ServiceParts) -> Response:
    """The label sets of several cases."""
    return json_response(await parts.store.read(operations.labels_of_cases, body.cases))


@router.post("/{case}/assessments", status_code=201)
async def start_assessment(case: str, body: AssessmentToStart, write: Write, parts: ServiceParts) -> Response:
    """Start an assessment, or a new version of a signed one."""
    return created(await parts.write_once(write, operations.start_assessment, parts.extra, case, body))


@router.get("/{case}/assessments/{assessment}")
async def read_assessment(case: str, assessment: str, _: InsideCaller, parts: ServiceParts) -> Response:
    """One assessment with its entries, superseded ones too."""
    return json_response(await parts.store.read(operations.read_assessment, parts.extra, case, assessment))


@router.post("/{case}/assessments/{assessment}/entries", status_code=201)
async def add_entry(
    case: str, assessment: str, body: NewEntry, write: Write, parts: ServiceParts
) -> Response:
    """Record one entry in a draft."""
    outcome = await parts.write_once(write, operations.add_entry, parts.extra, case, assessment, body)
    return created(outcome)


@router.patch("/{case}/assessments/{assessment}/entries/{entry}")
async def correct_entry(
    case: str, assessment: str, entry: str, body: EntryCorrection, write: Write, parts: ServiceParts
) -> Response:
    """Correct an entry of a draft. What takes it from somebody who might see it waits D."""
    outcome = await parts.take_away_if_told(
        write, operations.correct_entry, parts.extra, case, assessment, entry, body
    )
    return json_response(outcome)


@router.post("/{case}/assessments/{assessment}/signature", status_code=201)
async def sign(case: str, assessment: str, body: Signature, write: Write, parts: ServiceParts) -> Response:
    """Sign a draft."""
    return created(await parts.write_once(write, operations.sign, parts.extra, case, assessment, body))
