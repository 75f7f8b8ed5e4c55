"""Whether a family takes part, and what the lead is asked once it no longer does."""

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import Seen, decision_unavailable, release
from services.gateway.guards import MayDoCasework, MayReadCases
from services.gateway.labels import nothing
from services.gateway.parts import Parts
from services.gateway.schemas.answers import TakingPartView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.problems import forbidden
from shared.records.taking_part import RiskAnswer
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Relationship
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/taking-part", tags=["consent"])

_LEADING = (Relationship.LEAD, Relationship.SUPERVISOR)
_TEAM = (*_LEADING, Relationship.MEMBER)


@router.get("", response_model=TakingPartView)
async def read_taking_part(case: str, acting: MayReadCases, parts: Parts) -> Response:
    """Whether the family takes part; and for the lead, what is asked after they left and by when."""
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    if seen.bundle["relationship"] not in _TEAM and not seen.bundle["relationships_by_subject"]:
        raise forbidden("Only the team and the family are told whether the family takes part.")
    asked = {"subjects": seen.bundle["subjects"], "answers_questions": _answers_questions(seen)}
    path = f"/cases/{seen.bundle['case']['id']}/taking-part"
    try:
        answer = await parts.upstreams.ask("consent", path, acting, asked)
        found = holding(answer, "takes_part", "ended", "questions")
    except Unreachable:
        raise decision_unavailable() from None
    content = {
        "takes_part": found["takes_part"],
        "ended": found["ended"],
        "questions": found["questions"],
        "notice": parts.notice,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


def _answers_questions(seen: Seen) -> bool:
    """The lead or a supervisor; while nobody leads, any member."""
    relationship = seen.bundle["relationship"]
    return relationship in _LEADING or (relationship == Relationship.MEMBER and seen.bundle["lead"] is None)


@router.post("/{question}/risk-answer", response_model=Done)
async def answer_risk_question(
    case: str, question: str, acting: MayDoCasework, parts: Parts, answer: RiskAnswer
) -> Response:
    """Say whether anybody is at risk now, within one working day. Leaving is never itself a concern."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.ANSWER_RISK_QUESTION)
    )
    path = f"/cases/{seen.bundle['case']['id']}/taking-part/{id_or_nowhere(question)}/risk-answer"
    content = {"answer": answer.model_dump(mode="json")}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
