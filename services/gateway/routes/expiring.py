"""What runs out soon in the caller's own cases, or must be asked for again."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.disclose import decision_unavailable, release
from services.gateway.family_facts import reader_facts
from services.gateway.guards import MayDoCasework
from services.gateway.paging import Limit, Pages
from services.gateway.parts import Parts
from services.gateway.routes.cases import caseload_page
from services.gateway.schemas.answers import ExpiringView
from shared.upstream import Unreachable
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/consents", tags=["consent"])


@router.get("/expiring", response_model=ExpiringView)
async def list_expiring(
    acting: MayDoCasework, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """Permissions that end within thirty days, and answers that a birthday or a transfer makes one ask for
    again: of the open cases that exist for the caller, as far as they lead them or took the answer. ``limit``
    counts cases.
    """
    pages = Pages(parts, acting, "consents/expiring", limit)
    looked_at, after = await caseload_page(parts, acting, "mine", limit, pages.place(cursor))
    asked: dict[str, Any] = {
        "cases": {one.bundle["case"]["id"]: reader_facts(one, acting) for one in looked_at}
    }
    try:
        listed = await parts.upstreams.ask("consent", "/consents/expiring", acting, asked)
    except Unreachable:
        raise decision_unavailable() from None
    content = {"expiring": listed, **pages.footer(after)}
    return release(acting, content)
