"""Who has seen what: the disclosure ledger by case and by person."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.gateway.disclose import decision_unavailable, release
from services.gateway.guards import Acting, MayReadLedger
from services.gateway.parts import GatewayParts, Parts
from services.gateway.schemas.views import DisclosuresView
from services.gateway.upstreams import holding
from shared.ids import id_or_nowhere
from shared.problems import not_found
from shared.upstream import Unreachable
from shared.vocabulary import Role
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["ledger"])
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/cases/{case}/disclosures", response_model=DisclosuresView)
async def disclosures_of_case(
    case: str, acting: MayReadLedger, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """The receipts about a case that the caller may see, newest first."""
    return await _disclosures(parts, acting, "case", id_or_nowhere(case), limit, cursor)


@router.get("/people/{person}/disclosures", response_model=DisclosuresView)
async def disclosures_of_person(
    person: str, acting: MayReadLedger, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """The receipts about a person that the caller may see, newest first."""
    if acting.caller.role == Role.FAMILY_MEMBER and person != acting.caller.person:
        person = ""
    return await _disclosures(parts, acting, "person", id_or_nowhere(person), limit, cursor)


async def _disclosures(
    parts: GatewayParts, acting: Acting, kind: str, target: str, limit: int, cursor: str | None
) -> Response:
    query = f"disclosures/{kind}/{target}"
    after = parts.cursors.open(cursor, acting.caller, query) if cursor else None
    asked: dict[str, Any] = {
        "kind": kind,
        "target": target,
        "purpose": acting.purpose.value,
        "reason": acting.reason,
        "after": after,
        "limit": limit,
    }
    try:
        answer = await parts.upstreams.ask("consent", "/disclosures", acting, asked)
        found = holding(answer, "disclosures", "after", "receipt", "policy_version")
    except Unreachable:
        raise decision_unavailable() from None
    if not found["disclosures"]:
        raise not_found()
    following = parts.cursors.seal(found["after"], acting.caller, query) if found["after"] else None
    plural = "cases" if kind == "case" else "people"
    link = f"/v1/{plural}/{target}/disclosures?limit={limit}&cursor={following}" if following else None
    content = {
        "disclosures": found["disclosures"],
        "next": link,
        "cursor": following,
        "notice": parts.notice,
        "decision": {
            "receipt": found["receipt"],
            "policy_version": found["policy_version"],
            "purpose": acting.purpose.value,
            "valid_until": None,
        },
    }
    return release(acting, content)
