"""HTTP about cases that nobody leads."""

from fastapi import APIRouter, Response

from services.case.vacancies import operations
from services.case.vacancies.schemas import VacanciesAsk
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/vacancies")
async def vacancies(parts: ServiceParts, caller: InsideCaller, body: VacanciesAsk) -> Response:
    return json_response(await parts.store.read(operations.vacancies, caller, body, parts.clock()))
