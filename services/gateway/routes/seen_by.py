"""Seeing as another: what another agency would see of a case, before anything is shared with it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from services.gateway.disclose import decision_unavailable, release
from services.gateway.guards import Acting, MayDoCasework, MayReadCases
from services.gateway.labels import everything
from services.gateway.parts import GatewayParts, Parts
from services.gateway.schemas.views import SeenByView
from services.gateway.views import seen_by_view
from shared.disclosure import DecisionAnswer
from shared.explanations import SeenByAsk
from shared.problems import forbidden, not_found
from shared.records.explanations import MemberRole, Said, SeenIfSaid
from shared.upstream import Unreachable
from shared.vocabulary import Role
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["explain"])


@router.get("/cases/{case}/seen-by/{agency}", response_model=SeenByView)
async def seen_by(
    case: str,
    agency: str,
    acting: MayReadCases,
    parts: Parts,
    role: Annotated[MemberRole, Query()] = Role.PRACTITIONER,
) -> Response:
    """Of what you see yourself, what somebody of another agency would see as a member of the team: for the
    team, and as far as you may know what was agreed, permitted and ruled out."""
    return await _as_another(parts, acting, case, agency, role)


@router.post("/cases/{case}/seen-by/{agency}", response_model=SeenByView)
async def seen_by_if_said(
    case: str, agency: str, acting: MayDoCasework, parts: Parts, asked: SeenIfSaid
) -> Response:
    """The same if the family's words were recorded that are about to be: permissions, and who is not to
    know. Nothing is changed by it."""
    return await _as_another(parts, acting, case, agency, asked.role, asked.changes)


async def _as_another(
    parts: GatewayParts, acting: Acting, case: str, agency: str, role: Role, said: tuple[Said, ...] = ()
) -> Response:
    gathered, ask = await parts.disclosure.gather(case, acting, everything)
    question = SeenByAsk(
        purpose=acting.purpose.value,
        reason=acting.reason,
        case=ask,
        agency=agency,
        role=role.value,
        changes=said,
    )
    try:
        told = await parts.upstreams.ask("consent", "/seen-by", acting, question.model_dump(mode="json"))
    except Unreachable:
        raise decision_unavailable() from None
    if told is None:
        raise not_found()
    if isinstance(told, dict) and "refused" in told and isinstance(told["refused"], str):
        raise forbidden(told["refused"])
    try:
        answer = DecisionAnswer.model_validate(told)
    except ValidationError:
        raise decision_unavailable() from None
    seen = parts.disclosure.seen_as_another(gathered, ask, answer)
    return release(acting, seen_by_view(seen, agency, role.value, acting.purpose, parts.notice))
