"""Who am I, and in which roles may I act?"""

from fastapi import APIRouter, Response

from services.gateway.disclose import part_unavailable
from services.gateway.guards import Undecided
from services.gateway.parts import Parts
from services.gateway.schemas.views import Me
from services.gateway.upstreams import holding
from shared.purposes import ORDINARY_PURPOSE
from shared.upstream import Unreachable
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["me"])


@router.get("/me", response_model=Me)
async def who_am_i(who: Undecided, parts: Parts) -> Response:
    """The user, their roles with what each may be used for, and the role and agency in which this request
    acts: null for somebody with several roles who names none."""
    acting, is_chosen = who
    caller = acting.caller
    try:
        read = await parts.upstreams.read("consent", "/policies/purposes", acting)
        purposes = holding(read, *(membership.role.value for membership in acting.memberships))
    except Unreachable:
        raise part_unavailable() from None
    in_role = {"agency": caller.agency, "role": caller.role, "purpose": acting.purpose.value}
    return json_response(
        {
            "user": caller.user,
            "name": caller.name,
            "person": caller.person,
            "acting": in_role if is_chosen else None,
            "memberships": [
                {
                    "agency": membership.agency,
                    "role": membership.role.value,
                    "ordinary_purpose": ORDINARY_PURPOSE[membership.role].value,
                    "purposes": purposes[membership.role.value],
                }
                for membership in acting.memberships
            ],
        }
    )
