"""The team around the family: joining gives access, leaving ends it."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import add_to_team, end_membership
from services.gateway.disclose import release
from services.gateway.guards import MayDoCasework, MayLeaveTeam, MayReadEntries
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.replays import as_answered_before
from services.gateway.rosters import what_is_left
from services.gateway.schemas.views import Done, TeamView
from services.gateway.views import team_view
from shared.ids import id_or_nowhere
from shared.problems import Problem, invalid
from shared.records.cases import MembershipEnding, MemberToStore, NewTeamMember
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
    """Add somebody, in a role that is shown something there; another agency's people only after permission
    to take part (design 3.2). In a case that everybody has left, a co-ordinator or a manager of an agency
    that was on the team adds somebody of their own agency."""
    joins = add_to_team(new, acting.caller.agency)
    path, body = f"/cases/{id_or_nowhere(case)}/team", MemberToStore(**new.model_dump())
    try:
        bundle, answer = await parts.disclosure.case_of_office(case, acting, LedgerAction.CONTRIBUTE, joins)
    except Problem as refused:
        # Whoever took a case on for somebody else has no more to say there from then on.
        content = body.model_dump(mode="json")
        return _added(case, await as_answered_before(refused, parts, acting, path, content))
    if new.agency not in answer.agencies:
        raise invalid("agency", "This agency is not in the partnership.")
    to_nobody = what_is_left(bundle, acting.caller.agency) is not None
    body = body.model_copy(update={"takes_on": to_nobody})
    return _added(
        case, await parts.upstreams.write("case", "POST", path, acting, body.model_dump(mode="json"))
    )


def _added(case: str, outcome: dict[str, Any]) -> Response:
    return created(outcome, f"/v1/cases/{case}/team")


@router.delete("/{member}", response_model=Done)
async def end_member(
    case: str, member: str, acting: MayLeaveTeam, parts: Parts, ending: MembershipEnding
) -> Response:
    """End a membership, and with it access. Answers when that is enforced (``enforced_at``). Their own place
    anybody can give up by its id, also where they are shown nothing of the case any more."""
    member = id_or_nowhere(member)
    leaving = end_membership(member, acting.caller.user, acting.caller.agency)
    await parts.disclosure.case_of_office(case, acting, LedgerAction.CONTRIBUTE, leaving)
    path = f"/cases/{case}/team/{member}/ending"
    content = ending.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))
