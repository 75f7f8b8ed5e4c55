"""Messages to those who saw something because of a permission that has ended, and their answers."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.disclose import decision_unavailable, release
from services.gateway.guards import MayAnswerMessages, MayReadCases
from services.gateway.paging import Limit, Pages
from services.gateway.parts import Parts
from services.gateway.schemas.answers import MessagesView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from services.gateway.views import receipt_card
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.records.messages import MessageAnswer
from shared.upstream import Unreachable
from shared.vocabulary import Deed
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/messages", tags=["consent"])


@router.get("", response_model=MessagesView)
async def list_messages(
    acting: MayReadCases, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """The messages to the caller's agency, newest first: to whoever saw something because of the permission,
    and to their manager and information officer."""
    pages = Pages(parts, acting, "messages", limit)
    asked: dict[str, Any] = {
        "purpose": acting.purpose.value,
        "reason": acting.reason,
        "after": pages.place(cursor),
        "limit": limit,
    }
    try:
        answer = await parts.upstreams.ask("consent", "/messages/list", acting, asked)
        found = holding(answer, "messages", "after", "receipt", "policy_version")
    except Unreachable:
        raise decision_unavailable() from None
    content = {
        "messages": found["messages"],
        **pages.footer(found["after"]),
        "decision": receipt_card(found["receipt"], found["policy_version"], acting.purpose),
    }
    return release(acting, content)


@router.post("/{message}/answer", response_model=Done)
async def answer_message(
    message: str, acting: MayAnswerMessages, parts: Parts, answer: MessageAnswer
) -> Response:
    """Say what is kept of what was seen, and why."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.ANSWER_MESSAGE))
    path = f"/messages/{id_or_nowhere(message)}/answer"
    content = {"answer": answer.model_dump(mode="json")}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
