"""Taking part over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.taking_part import operations
from services.consent.taking_part.schemas import AnsweredAsk, RiskAnswerToRecord, TakingPartAsk
from shared.ids import id_or_nowhere
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/taking-part")
async def read_taking_part(case: str, _: InsideCaller, parts: ServiceParts, ask: TakingPartAsk) -> Response:
    return json_response(
        await parts.store.read(operations.read_taking_part, parts.extra.decisions, case, ask)
    )


@router.post("/taking-part/answered")
async def answered(_: InsideCaller, parts: ServiceParts, ask: AnsweredAsk) -> Response:
    return json_response(await parts.store.read(operations.answered, ask))


@router.post("/cases/{case}/taking-part/{question}/risk-answer")
async def answer_risk_question(
    case: str, question: str, write: Write, parts: ServiceParts, body: RiskAnswerToRecord
) -> Response:
    return json_response(
        await parts.write_once(
            write, operations.answer_risk_question, case, id_or_nowhere(question), body.answer
        )
    )
