"""The team around the family: joining gives access, leaving ends it."""

from fastapi import APIRouter, Response

from services.gateway.deeds import add_to_team, end_membership
from services.gateway.disclose import release
from services.gateway.guards import MayDoCasework, MayLeaveTeam, MayReadEntries
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.schemas.views import Done, TeamView
from services.gateway.views import team_view
from shared.ids import id_or_nowhere
from shared.problems import invalid
from shared.records.cases import MembershipEnding, NewTeamMember
from shared.vocabulary import LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/team", tags=["team"])


@router.get("", response_model=TeamView)
async def read_team(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """Everybody on the team, with dates."""
    page = asked.of(parts, acting, f"cases/{case}/team")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free="staff")
    view = team_view(seen, acting.purpose, parts.notice)
    members, footer = page.cut(view["team"], by("since", "id"))
    return release(acting, {**view, "team": members, **footer})


@router.post("", status_code=201, response_model=Done)
async def add_member(case: str, acting: MayDoCasework, parts: Parts, new: NewTeamMember) -> Response:
    """Add somebody; another agency's people only after permission to take part (design 3.2)."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=add_to_team(new.agency)
    )
    if new.agency not in seen.answer.agencies:
        raise invalid("agency", "This agency is not in the partnership.")
    path = f"/cases/{seen.bundle['case']['id']}/team"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/team")


@router.delete("/{member}", response_model=Done)
async def end_member(
    case: str, member: str, acting: MayLeaveTeam, parts: Parts, ending: MembershipEnding
) -> Response:
    """End a membership, and with it access. Answers when that is enforced (``enforced_at``)."""
    member = id_or_nowhere(member)
    leaving = end_membership(member, acting.caller.user, acting.caller.agency)
    await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=leaving)
    path = f"/cases/{case}/team/{member}/ending"
    content = ending.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))
