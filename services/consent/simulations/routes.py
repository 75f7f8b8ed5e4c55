"""Simulations over HTTP, inside."""

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from services.consent.simulations import operations
from services.consent.simulations.schemas import SimulationPage
from shared.ids import id_or_nowhere
from shared.problems import Problem
from shared.records.policies import SimulationStep
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/policies/drafts/{draft}/simulations")


@router.post("")
async def begin_or_find(draft: str, write: Write, parts: ServiceParts, body: SimulationStep) -> Response:
    return created(await parts.write_once(write, operations.begin_or_find, id_or_nowhere(draft), body))


@router.post("/{simulation}/pages")
async def add_page(
    request: Request, draft: str, simulation: str, write: Write, parts: ServiceParts
) -> Response:
    try:
        page = SimulationPage.model_validate_json(await request.body())
    except ValidationError:
        raise Problem("malformed", "The page is not of the form that this service knows.") from None
    own = parts.extra
    where = id_or_nowhere(draft), id_or_nowhere(simulation)
    counted = await parts.store.read(operations.count_page, own.decisions, own.compared, *where, page)
    return json_response(await parts.write_once(write, operations.add_page, *where, page, counted))


@router.get("/{simulation}")
async def read_simulation(draft: str, simulation: str, _: InsideCaller, parts: ServiceParts) -> Response:
    where = id_or_nowhere(draft), id_or_nowhere(simulation)
    return json_response(await parts.store.read(operations.read_simulation, *where))
