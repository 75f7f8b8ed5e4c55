"""The plan: what was agreed to be done, by whom and until when, and what must be done before it."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from services.gateway.carrying import carried_from, labels_of_source, source_of
from services.gateway.changes import entry_to_change
from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import Seen, release
from services.gateway.following_up import (
    check_actions,
    check_may_be_asked,
    follow_up,
    must_see,
    read_follow_up,
    refusals_to_be_asked,
)
from services.gateway.guards import Acting, MayReadEntries, MayWriteEntries
from services.gateway.labels import of_ids, of_kind
from services.gateway.owed import see_action
from services.gateway.paging import AskedPage
from services.gateway.partnership import check_agencies
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.projection import lead_card, project_entry
from services.gateway.schemas.plan import ActionsView, ActionView
from services.gateway.schemas.views import Done
from services.gateway.views import footer
from shared.disclosure import Entry
from shared.ids import id_or_nowhere
from shared.problems import Problem, conflict
from shared.records.plan import (
    ActionAnswer,
    ActionChanges,
    ActionsToAdd,
    Answered,
    CarryOver,
    Decline,
    Dependency,
    PartialAcceptance,
)
from shared.vocabulary import Deed, LedgerAction, Level
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/actions", tags=["plan"])

_ACTIONS = of_kind("action")
_LOOKS = 3
"""How often it is decided anew what the author sees, where the plan changes meanwhile."""


@router.get("", response_model=ActionsView)
async def read_actions(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """The actions that the caller may see, and how each of them stands."""
    page = asked.of(parts, acting, f"cases/{case}/actions")
    kept = await read_follow_up(parts, acting, case)
    seen = await parts.disclosure.see_case(
        case, acting, shows=_ACTIONS, place_free="staff", portion=page.portion
    )
    view = page.entries(seen, area="plan", kinds=("action",))
    return release(acting, {**view, "follow_up": follow_up(seen, kept, view["entries"])})


@router.post("", status_code=201, response_model=Done)
async def add_actions(case: str, acting: MayWriteEntries, parts: Parts, new: ActionsToAdd) -> Response:
    """Agree actions, or carry those of a signed assessment into the plan without retyping. What an agency
    is to do that may not be asked stays in the assessment (``left_out``, with the reason); it is carried when
    it may."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    case_id = seen.bundle["case"]["id"]
    if isinstance(new, CarryOver):
        outcome = await _carry_over(parts, acting, seen, new)
    else:
        await check_actions(parts, acting, seen, new.actions)
        content = new.model_dump(mode="json")
        outcome = await parts.upstreams.write("case", "POST", f"/cases/{case_id}/actions", acting, content)
    return created(outcome, f"/v1/cases/{case}/actions")


async def _carry_over(parts: GatewayParts, acting: Acting, seen: Seen, carry: CarryOver) -> dict[str, Any]:
    """Carry the agreed actions of a signed assessment that the caller sees in full, with their source's
    labels: each asks the agency that is to owe it, as an action agreed in the plan does. A 403 where nothing
    is left to carry but what may not be asked of its agency."""
    sources = carried_from(seen, carry, "agreed_action", "agreed actions")
    owing = {entry["fields"]["accountable"] for entry in sources}
    refused = await refusals_to_be_asked(parts, acting, seen, owing)
    carried = [
        _carried_action(entry, carry, acting.caller.agency)
        for entry in sources
        if entry["fields"]["accountable"] not in refused
    ]
    path = f"/cases/{seen.bundle['case']['id']}/actions/carried-over"
    content = {"assessment": carry.carry_over_from, "actions": carried}
    outcome: dict[str, Any] = {"created": [], "existing": []}
    if carried:
        outcome = await parts.upstreams.write("case", "POST", path, acting, content)
    if refused and not outcome["created"]:
        raise next(iter(refused.values()))
    left_out = [
        {"source": source_of(entry), "reason": refused[entry["fields"]["accountable"]].detail}
        for entry in sources
        if entry["fields"]["accountable"] in refused
    ]
    return {**outcome, "left_out": left_out}


def _carried_action(entry: Entry, carry: CarryOver, agency: str) -> dict[str, Any]:
    fields = entry["fields"]
    return {
        "desired_outcome": fields["desired_outcome"],
        "action": fields["action"],
        "by_when": fields["by_when"],
        "accountable": fields["accountable"],
        "responsible_name": fields["responsible_name"],
        **labels_of_source(entry, carry, agency),
    }


@router.get("/{action}", response_model=ActionView)
async def read_action(case: str, action: str, acting: MayReadEntries, parts: Parts) -> Response:
    """One action and how it stands: also for those who have to do with what their agency owes in this case
    and with nothing else of it."""
    kept = await read_follow_up(parts, acting, case)
    seen = await see_action(parts, acting, case, action, shows=of_ids([action]), place_free="staff")
    shown = project_entry(*seen.named(action, "action"))
    content = {
        "action": shown,
        "follow_up": follow_up(seen, kept, [shown] if shown else [])[0],
        "lead_professional": lead_card(seen.bundle["lead"]),
        **footer(seen, acting.purpose, parts.notice),
    }
    return release(acting, content)


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
    seen = await see_action(
        parts, acting, case, action, doing=LedgerAction.CONTRIBUTE, deed=about_entry(name, action)
    )
    if changes.accountable is not None:
        await check_agencies(parts, acting, {changes.accountable})
        await check_may_be_asked(parts, acting, seen, {changes.accountable})
    if changes.supporting is not None:
        await check_agencies(parts, acting, set(changes.supporting), "supporting")
    found, replay_only = entry_to_change(seen, action, if_match, acting, kinds=("action",))
    content = {**changes.model_dump(mode="json", exclude_unset=True), "expected_version": found["version"]}
    path = f"/cases/{seen.bundle['case']['id']}/actions/{found['id']}"
    outcome = await parts.upstreams.write("case", "PATCH", path, acting, content, replay_only=replay_only)
    return json_response(outcome)


@router.post("/{action}/acceptance", response_model=Done)
async def accept(case: str, action: str, acting: MayWriteEntries, parts: Parts) -> Response:
    """Take an action on, for the agency that is to owe it."""
    return await _answer(parts, acting, case, action, Answered(answer=ActionAnswer.ACCEPTED))


@router.post("/{action}/partial-acceptance", response_model=Done)
async def accept_in_part(
    case: str, action: str, acting: MayWriteEntries, parts: Parts, said: PartialAcceptance
) -> Response:
    """Take a part of an action on, and say why not the rest."""
    said_of_it = Answered(answer=ActionAnswer.ACCEPTED_IN_PART, part=said.part, reason=said.reason)
    return await _answer(parts, acting, case, action, said_of_it)


@router.post("/{action}/decline", response_model=Done)
async def decline(case: str, action: str, acting: MayWriteEntries, parts: Parts, said: Decline) -> Response:
    """Say that the agency will not do this, and why. Whoever agreed it and the lead are told."""
    said_of_it = Answered(answer=ActionAnswer.DECLINED, reason=said.reason)
    return await _answer(parts, acting, case, action, said_of_it)


async def _answer(parts: GatewayParts, acting: Acting, case: str, action: str, said: Answered) -> Response:
    wanted = about_entry(Deed.WRITE_ACTION_STATUS, action)
    seen = await see_action(parts, acting, case, action, doing=LedgerAction.CONTRIBUTE, deed=wanted)
    content = said.model_dump(mode="json")
    path = f"{_path(seen, action)}/answer"
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))


@router.post("/{action}/news-requests", status_code=201, response_model=Done)
async def ask_for_news(case: str, action: str, acting: MayWriteEntries, parts: Parts) -> Response:
    """Ask the agency that owes an action how it stands. They are told, and it is counted."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    _path(seen, action)
    path = f"/cases/{seen.bundle['case']['id']}/promises/{action}/news-request"
    return created(await parts.upstreams.write("case", "POST", path, acting), f"/v1/cases/{case}/actions")


@router.post("/{action}/dependencies", status_code=201, response_model=Done)
async def add_dependency(
    case: str, action: str, acting: MayWriteEntries, parts: Parts, new: Dependency
) -> Response:
    """Say that an action waits for another one: "housing before release"."""
    for _ in range(_LOOKS):
        seen = await parts.disclosure.see_case(
            case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
        )
        path = f"{_path(seen, action)}/dependencies"
        must_see(seen, new.needs, "needs", "an action", kind="action")
        content = {"needs": new.needs, **_actions_apart(seen)}
        try:
            outcome = await parts.upstreams.write("case", "POST", path, acting, content)
        except Problem as problem:
            # Something was agreed meanwhile that may close a circle: first it is decided whether they see it.
            if problem.kind != "stale":
                raise
            continue
        return created(outcome, f"/v1/cases/{case}/actions")
    raise conflict("The plan is changing at this moment. Read it again, then say what comes first.")


@router.delete("/{action}/dependencies/{needs}", response_model=Done)
async def remove_dependency(
    case: str, action: str, needs: str, acting: MayWriteEntries, parts: Parts
) -> Response:
    """Say that an action no longer waits for another one."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    path = f"{_path(seen, action)}/dependencies/{id_or_nowhere(needs)}"
    _path(seen, needs)
    return json_response(await parts.upstreams.write("case", "DELETE", path, acting))


def _path(seen: Seen, action: str) -> str:
    """Where an action stands that the caller sees; the 404 for any other."""
    seen.named(action, "action")
    return f"/cases/{seen.bundle['case']['id']}/actions/{action}"


def _actions_apart(seen: Seen) -> dict[str, list[str]]:
    """The actions that the caller sees, and those that they do not."""
    apart: dict[str, list[str]] = {"seen": [], "hidden": []}
    for entry, level in zip(seen.entries, seen.levels, strict=True):
        if entry["kind"] == "action":
            apart["seen" if level >= Level.SUMMARY else "hidden"].append(entry["id"])
    return apart
