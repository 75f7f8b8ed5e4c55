"""Who am I, and in which roles may I act?"""

from fastapi import APIRouter, Response

from services.gateway.guards import SignedIn
from services.gateway.schemas.views import Me
from shared.purposes import ORDINARY_PURPOSE
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["me"])


@router.get("/me", response_model=Me)
async def who_am_i(acting: SignedIn) -> Response:
    """The user, their roles, and the role and agency in which this request acts."""
    caller = acting.caller
    return json_response(
        {
            "user": caller.user,
            "name": caller.name,
            "person": caller.person,
            "acting": {"agency": caller.agency, "role": caller.role, "purpose": acting.purpose.value},
            "memberships": [
                {
                    "agency": membership.agency,
                    "role": membership.role.value,
                    "ordinary_purpose": ORDINARY_PURPOSE[membership.role].value,
                }
                for membership in acting.memberships
            ],
        }
    )
