"""HTTP about cases."""

from fastapi import APIRouter, Response

from services.case.cases import operations
from services.case.cases.schemas import BundlesAsk, CaseloadAsk, ClosedAsk, RostersAsk
from shared.identity import Caller
from shared.ids import id_or_nowhere
from shared.records.cases import CaseReopening, ClosureToStore, NewCase, NewCaseSubject
from shared.service import InsideCaller, Parts, ServiceParts, Write, created
from shared.web import StrictRequest, StrictRoute, hot_route, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/caseload")
async def caseload(parts: ServiceParts, caller: InsideCaller, body: CaseloadAsk) -> Response:
    return json_response(await parts.store.read(operations.caseload, caller, body, parts.clock()))


@router.post("/caseload/closed")
async def closed_cases(parts: ServiceParts, caller: InsideCaller, body: ClosedAsk) -> Response:
    return json_response(await parts.store.read(operations.closed_cases, caller, body, parts.clock()))


@router.post("/rosters")
async def rosters(parts: ServiceParts, caller: InsideCaller, body: RostersAsk) -> Response:
    return json_response(await parts.store.read(operations.rosters, caller, body, parts.clock()))


@router.post("/cases/bundles")
async def case_bundles(parts: ServiceParts, caller: InsideCaller, body: BundlesAsk) -> Response:
    return json_response(await parts.store.read(operations.case_bundles, caller, body, parts.clock()))


@router.post("/cases")
async def open_case(parts: ServiceParts, write: Write, body: NewCase) -> Response:
    return created(await parts.write_once(write, operations.open_case, body))


async def case_bundle(request: StrictRequest, caller: Caller) -> Response:
    parts: Parts = request.app.state.parts
    case = id_or_nowhere(request.path_params["case"])
    return json_response(await parts.store.read(operations.case_bundle, caller, case, parts.clock()))


hot_routes = (hot_route("GET", "/cases/{case}/bundle", case_bundle),)


@router.post("/cases/{case}/subjects")
async def add_subject(parts: ServiceParts, write: Write, case: str, body: NewCaseSubject) -> Response:
    return created(await parts.write_once(write, operations.add_subject, id_or_nowhere(case), body))


@router.post("/cases/{case}/closure")
async def close_case(parts: ServiceParts, write: Write, case: str, body: ClosureToStore) -> Response:
    """Whoever was only asked about it sees it no longer, so that waits D, whether anybody was or not."""
    return created(await parts.take_away(write, operations.close_case, id_or_nowhere(case), body))


@router.post("/cases/{case}/reopening")
async def reopen_case(parts: ServiceParts, write: Write, case: str, body: CaseReopening) -> Response:
    return created(await parts.write_once(write, operations.reopen_case, id_or_nowhere(case), body))
