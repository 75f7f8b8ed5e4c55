"""The plan: what was agreed to be done, by whom and until when."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from services.gateway.changes import entry_to_change
from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import Seen, part_unavailable, release
from services.gateway.family_facts import check_subjects
from services.gateway.guards import Acting, MayReadEntries, MayWriteEntries
from services.gateway.labels import of_area
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.views import Done, EntriesView
from services.gateway.views import entries_view
from shared.problems import conflict, invalid, not_found
from shared.records.plan import ActionChanges, ActionsToAdd, CarryOver
from shared.upstream import Unreachable
from shared.vocabulary import SENSITIVE, Category, Deed, LedgerAction, Level
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/cases/{case}/actions", tags=["plan"])


@router.get("", response_model=EntriesView)
async def read_actions(case: str, acting: MayReadEntries, parts: Parts) -> Response:
    """The actions that the caller may see."""
    seen = await parts.disclosure.see_case(case, acting, shows=of_area("plan"), place_free="staff")
    return release(acting, entries_view(seen, acting.purpose, parts.notice, area="plan"))


@router.post("", status_code=201, response_model=Done)
async def add_actions(case: str, acting: MayWriteEntries, parts: Parts, new: ActionsToAdd) -> Response:
    """Agree actions, or carry those of a signed assessment into the plan without retyping."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    case_id = seen.bundle["case"]["id"]
    if isinstance(new, CarryOver):
        content = _carried(seen, new, acting.caller.agency)
        outcome = await parts.upstreams.write(
            "case", "POST", f"/cases/{case_id}/actions/carried-over", acting, content
        )
    else:
        await _check_agencies(parts, acting, {action.accountable for action in new.actions})
        for index, action in enumerate(new.actions):
            check_subjects(seen, action.subjects, f"actions.{index}.subjects")
        content = new.model_dump(mode="json")
        outcome = await parts.upstreams.write("case", "POST", f"/cases/{case_id}/actions", acting, content)
    return created(outcome, f"/v1/cases/{case}/actions")


async def _check_agencies(parts: GatewayParts, acting: Acting, accountable: set[str]) -> None:
    """A 422 unless every agency that is to owe an action is in the partnership: somebody must be able to."""
    try:
        listed = await parts.upstreams.read("consent", "/agencies", acting)
    except Unreachable:
        raise part_unavailable() from None
    if not accountable <= {agency["code"] for agency in listed}:
        raise invalid("accountable", "This agency is not in the partnership.")


def _carried(seen: Seen, carry: CarryOver, agency: str) -> dict[str, Any]:
    """The agreed actions of a signed assessment that the caller sees in full, with their source's labels.

    A carried action keeps its source's sensitive categories unless the agency that wrote it confirms that
    its wording reveals none (design 3.2): nobody takes a label off what another agency wrote.
    """
    if "assessments" in seen.unavailable:
        raise conflict("The assessment cannot be reached right now. Nothing was carried over; try again.")
    envelope = seen.entry(carry.carry_over_from)
    if envelope is None or envelope[0]["kind"] != "assessment":
        raise not_found()
    if envelope[0]["fields"]["state"] != "signed":
        raise conflict("Only a signed assessment's actions are carried over. Sign it first.")
    sources = [
        entry
        for entry, level in zip(seen.entries, seen.levels, strict=True)
        if entry["kind"] == "agreed_action"
        and entry.get("part_of") == carry.carry_over_from
        and level == Level.FULL
    ]
    if not sources:
        raise invalid("carry_over_from", "This assessment has no agreed actions that you see in full.")
    return {
        "assessment": carry.carry_over_from,
        "actions": [_carried_action(entry, carry, agency) for entry in sources],
    }


def _carried_action(entry: Any, carry: CarryOver, agency: str) -> dict[str, Any]:
    fields = entry["fields"]
    keeps_sensitive = not carry.wording_reveals_nothing_sensitive or entry["owner"] != agency
    sensitive = sorted(SENSITIVE.intersection(map(Category, entry["categories"])))
    return {
        "source": entry.get("origin") or entry["id"],
        "desired_outcome": fields["desired_outcome"],
        "action": fields["action"],
        "by_when": fields["by_when"],
        "accountable": fields["accountable"],
        "responsible_name": fields["responsible_name"],
        "owner": entry["owner"],
        "categories": [Category.PLAN.value, *(sensitive if keeps_sensitive else [])],
        "subjects": entry["subjects"],
    }


@router.patch("/{action}", response_model=Done)
async def change_action(
    case: str,
    action: str,
    acting: MayWriteEntries,
    parts: Parts,
    changes: ActionChanges,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Write an action's status (its accountable agency), or correct its wording (its owner)."""
    writes_status = changes.status is not None or changes.outcome is not None
    name = Deed.WRITE_ACTION_STATUS if writes_status else Deed.CORRECT
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(name, action)
    )
    if changes.accountable is not None:
        await _check_agencies(parts, acting, {changes.accountable})
    found, replay_only = entry_to_change(seen, action, if_match, acting, kinds=("action",))
    content = {**changes.model_dump(mode="json", exclude_unset=True), "expected_version": found["version"]}
    path = f"/cases/{seen.bundle['case']['id']}/actions/{found['id']}"
    outcome = await parts.upstreams.write("case", "PATCH", path, acting, content, replay_only=replay_only)
    return json_response(outcome)
