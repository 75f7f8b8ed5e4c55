"""Goals: what is to be different, in words that the person would use."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from services.gateway.carrying import carried_from, labels_of_source
from services.gateway.changes import entry_to_change
from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import Seen, release
from services.gateway.family_facts import check_subjects
from services.gateway.following_up import must_see
from services.gateway.guards import MayReadEntries, MayWriteEntries
from services.gateway.labels import of_kind
from services.gateway.paging import AskedPage
from services.gateway.parts import Parts, created
from services.gateway.schemas.views import Done, EntriesView
from shared.records.plan import CarryOver, GoalChanges, GoalToAdd
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/goals", tags=["plan"])
_GOALS = ("plan_goal",)


@router.get("", response_model=EntriesView)
async def read_goals(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """The goals that the caller may see."""
    page = asked.of(parts, acting, f"cases/{case}/goals")
    seen = await parts.disclosure.see_case(
        case, acting, shows=of_kind(*_GOALS), place_free="staff", portion=page.portion
    )
    return release(acting, page.entries(seen, area="plan", kinds=_GOALS))


@router.post("", status_code=201, response_model=Done)
async def add_goal(case: str, acting: MayWriteEntries, parts: Parts, new: GoalToAdd) -> Response:
    """Agree a goal, or carry those of a signed assessment into the plan without retyping."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    path = f"/cases/{seen.bundle['case']['id']}/goals"
    if isinstance(new, CarryOver):
        content = _carried(seen, new, acting.caller.agency)
        outcome = await parts.upstreams.write("case", "POST", f"{path}/carried-over", acting, content)
        return created(outcome, f"/v1/cases/{case}/goals")
    check_subjects(seen, new.subjects, "subjects")
    if new.agreed_at is not None:
        must_see(seen, new.agreed_at, "agreed_at", "a meeting", area="meetings")
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/goals")


def _carried(seen: Seen, carry: CarryOver, agency: str) -> dict[str, Any]:
    """The goals of a signed assessment that the caller sees in full, with their source's labels."""
    goals = [
        {"goal": entry["fields"]["text"], **labels_of_source(entry, carry, agency)}
        for entry in carried_from(seen, carry, "goal", "goals")
    ]
    return {"assessment": carry.carry_over_from, "goals": goals}


@router.patch("/{goal}", response_model=Done)
async def change_goal(
    case: str,
    goal: str,
    acting: MayWriteEntries,
    parts: Parts,
    changes: GoalChanges,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Correct a goal, or say what came of it (the agency that recorded it)."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(Deed.CORRECT, goal)
    )
    found, replay_only = entry_to_change(seen, goal, if_match, acting, kinds=_GOALS)
    content = {**changes.model_dump(mode="json", exclude_unset=True), "expected_version": found["version"]}
    path = f"/cases/{seen.bundle['case']['id']}/goals/{found['id']}"
    outcome = await parts.upstreams.write("case", "PATCH", path, acting, content, replay_only=replay_only)
    return json_response(outcome)
