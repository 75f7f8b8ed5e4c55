"""Why, who can see, and what if: questions about decisions. Each leaves a receipt, none changes anything."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from services.gateway.disclose import Gathered, decision_unavailable, release
from services.gateway.explaining import (
    label_of_entry,
    labels_present,
    officer_view,
    people_view,
    receipt_view,
    requester_view,
    who_can_see_view,
)
from services.gateway.guards import Acting, MayReadCases
from services.gateway.parts import GatewayParts, Parts
from services.gateway.rosters import roster_at, who_is_owed_alone
from services.gateway.schemas.explanations import (
    OfficerExplanation,
    ReceiptExplanation,
    RequesterExplanation,
    WhatIfView,
    WhoCanSeeView,
)
from services.gateway.upstreams import holding
from shared.disclosure import CaseAsk
from shared.explanations import RequesterAnswer
from shared.ids import id_or_nowhere
from shared.problems import forbidden, not_found
from shared.records.base import Moment
from shared.records.explanations import AnyId, ExplanationRequest, WhatIf
from shared.upstream import Unreachable
from shared.vocabulary import Role
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["explain"])

ABOUT_YOURSELF = "Only an information officer asks about others or about a receipt. Ask about yourself."
_NO_LABEL = -1
"""The place of the label of an entry that is not there: none has it."""


@router.post("/explanations", response_model=RequesterExplanation | OfficerExplanation | ReceiptExplanation)
async def explain(acting: MayReadCases, parts: Parts, asked: ExplanationRequest) -> Response:
    """What you see and why, and how to ask for more; for an information officer why anybody of her agency
    sees what they see, and why anybody sees what her agency recorded."""
    if acting.caller.role == Role.INFORMATION_OFFICER:
        return await _explain_to_officer(parts, acting, asked)
    if asked.case is None or asked.about is not None:
        raise forbidden(ABOUT_YOURSELF)
    return await _explain_to_requester(parts, acting, asked.case, asked.entry)


async def _explain_to_requester(
    parts: GatewayParts, acting: Acting, case: str, entry: str | None
) -> Response:
    gathered, ask = await parts.disclosure.gather(case, acting)
    content = await _ask(parts, acting, "/explanations/requester", ask)
    try:
        answer = RequesterAnswer.model_validate(content)
    except ValidationError:
        raise decision_unavailable() from None
    seen = parts.disclosure.seen_as_answered(gathered, ask, answer)
    if len(answer.grounds) != len(ask.labels):
        raise decision_unavailable()
    if seen is None or seen.names_no_agency:
        raise not_found()
    if entry is not None:
        seen.named(entry)
    view = requester_view(
        gathered,
        seen,
        answer,
        entry=entry,
        purpose=acting.purpose,
        is_family=acting.caller.role == Role.FAMILY_MEMBER,
        notice=parts.notice,
    )
    return release(acting, view)


async def _explain_to_officer(parts: GatewayParts, acting: Acting, asked: ExplanationRequest) -> Response:
    if asked.receipt is not None:
        return await _explain_receipt(parts, acting, id_or_nowhere(asked.receipt))
    gathered, ask = await parts.disclosure.gather(asked.case or "", acting)
    about = asked.about.model_dump(mode="json") if asked.about is not None else {}
    more: dict[str, Any] = {"roster": roster_at(gathered.bundle, None), "about": about}
    if asked.entry is not None:
        more["label"] = _label(gathered, asked.entry)
    told = await _ask(parts, acting, "/explanations/officer", ask, more)
    if told is None:
        raise not_found()
    content = _holding(told, "explanations", "agencies", "receipt", "policy_version")
    case_id = str(ask.case)
    view = officer_view(case_id, content, gathered.unavailable, acting.purpose, parts.notice)
    return release(acting, view)


async def _explain_receipt(parts: GatewayParts, acting: Acting, receipt: str) -> Response:
    place = await _told(parts, acting, "/explanations/receipts", {"receipt": receipt}) or {}
    gathered, ask = await parts.disclosure.gather(place.get("case") or "", acting)
    at = place.get("at")
    then = (
        [] if at is None else await parts.disclosure.subjects_as_of(ask, acting, datetime.fromisoformat(at))
    )
    more = {
        "roster": roster_at(gathered.bundle, None),
        "about": {},
        "receipt": receipt,
        "subjects_then": then,
    }
    told = await _ask(parts, acting, "/explanations/officer", ask, more)
    if told is None:
        raise not_found()
    content = _holding(told, "explained", "receipt", "policy_version")
    return release(acting, receipt_view(content, acting.purpose, parts.notice))


@router.get("/cases/{case}/who-can-see", response_model=WhoCanSeeView)
async def who_can_see(
    case: str,
    acting: MayReadCases,
    parts: Parts,
    entry: Annotated[AnyId | None, Query()] = None,
    person: Annotated[AnyId | None, Query()] = None,
    at: Annotated[Moment | None, Query()] = None,
) -> Response:
    """Everybody on the team who can see this case, a person in it or one entry, with level, basis, until when
    and when they last looked; now, or as it was at an earlier moment. Of an action besides, by their role,
    those of the agency that owes it where nobody of that is on the team."""
    gathered, ask = await parts.disclosure.gather(case, acting)
    off_the_team = [] if entry is None else who_is_owed_alone(gathered.bundle, entry, at)
    more: dict[str, Any] = {
        "roster": [*roster_at(gathered.bundle, at), *off_the_team],
        "at": None if at is None else at.isoformat(),
        "present": labels_present(gathered, at),
        "subjects_then": [] if at is None else await parts.disclosure.subjects_as_of(ask, acting, at),
        "label": None if entry is None else _label(gathered, entry),
        "entry": None if entry is None else id_or_nowhere(entry),
        "subject": None if person is None else id_or_nowhere(person),
    }
    told = await _ask(parts, acting, "/who-can-see", ask, more)
    view = _people(parts, acting, gathered, ask, told)
    then = _holding(told, "at")["at"]
    is_officer = acting.caller.role == Role.INFORMATION_OFFICER
    shown = who_can_see_view(
        view,
        then,
        is_of_then=at is not None,
        is_officer=is_officer,
        is_owed_off_the_team=bool(off_the_team),
    )
    return release(acting, shown)


@router.post("/what-if", response_model=WhatIfView)
async def what_if(acting: MayReadCases, parts: Parts, asked: WhatIf) -> Response:
    """What everybody on the team would see if something were otherwise: for the lead professional and for
    information officers. Nothing is changed by it."""
    gathered, ask = await parts.disclosure.gather(asked.case, acting)
    content = asked.model_dump(mode="json")
    more = {"roster": roster_at(gathered.bundle, None), "changes": content["changes"]}
    told = await _ask(parts, acting, "/what-if", ask, more)
    return release(acting, _people(parts, acting, gathered, ask, told))


def _people(
    parts: GatewayParts, acting: Acting, gathered: Gathered, ask: CaseAsk, told: Any
) -> dict[str, Any]:
    if told is None:
        raise not_found()
    if isinstance(told, dict) and "refused" in told:
        raise forbidden(str(told["refused"]))
    content = _holding(told, "people", "receipt", "policy_version")
    return people_view(str(ask.case), content, gathered.unavailable, acting.purpose, parts.notice)


def _label(gathered: Gathered, entry: str) -> int:
    place = label_of_entry(gathered, entry)
    return _NO_LABEL if place is None else place


async def _ask(
    parts: GatewayParts, acting: Acting, path: str, ask: CaseAsk, more: dict[str, Any] | None = None
) -> Any:
    content = {
        "purpose": acting.purpose.value,
        "reason": acting.reason,
        "case": ask.model_dump(mode="json"),
        **(more or {}),
    }
    return await _told(parts, acting, path, content)


async def _told(parts: GatewayParts, acting: Acting, path: str, content: dict[str, Any]) -> Any:
    """What the consent service says, or a 503: a silent gap is dangerous."""
    try:
        return await parts.upstreams.ask("consent", path, acting, content)
    except Unreachable:
        raise decision_unavailable() from None


def _holding(told: Any, *names: str) -> dict[str, Any]:
    try:
        return holding(told, *names)
    except Unreachable:
        raise decision_unavailable() from None
