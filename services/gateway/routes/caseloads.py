"""How much somebody leads, and how much they may: set by a manager of their agency, and a number only."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from services.gateway.disclose import part_unavailable, release
from services.gateway.guards import TeamManager
from services.gateway.parts import Parts
from services.gateway.schemas.views import CaseloadOfUser, Done
from shared.disclosure import DeedAsk
from shared.records.base import UserId
from shared.records.cases import CaseloadCap
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/users/{user:path}", tags=["lead professional"])
User = Annotated[UserId, Path()]


@router.get("/caseload-cap", response_model=CaseloadOfUser)
async def read_cap(user: User, acting: TeamManager, parts: Parts) -> Response:
    """How much somebody leads for the acting agency, and the most that they may."""
    path = f"/users/{quote(user, safe='')}/caseload-cap"
    try:
        # Gathered before it is decided whether the caller's access is in force, like everything shown.
        caseload = await parts.upstreams.read("case", path, acting)
    except Unreachable:
        raise part_unavailable() from None
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.CAP_CASELOAD), LedgerAction.LIST)
    return release(acting, {name: caseload[name] for name in ("user", "load", "cap")})


@router.post("/caseload-cap", response_model=Done)
async def set_cap(user: User, acting: TeamManager, parts: Parts, cap: CaseloadCap) -> Response:
    """Say how much somebody may lead for the acting agency. More than that needs a reason."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.CAP_CASELOAD))
    path = f"/users/{quote(user, safe='')}/caseload-cap"
    return json_response(
        await parts.upstreams.write("case", "POST", path, acting, cap.model_dump(mode="json"))
    )
