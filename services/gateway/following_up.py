"""What is kept beside the entries of a plan, as far as the caller sees those entries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from services.gateway.deeds import ask_to_do
from services.gateway.disclose import Seen, part_unavailable
from services.gateway.family_facts import check_subjects
from services.gateway.guards import Acting
from services.gateway.labels import nothing
from services.gateway.partnership import check_agencies
from services.gateway.parts import GatewayParts
from services.gateway.projection import Shown
from services.gateway.upstreams import holding
from shared.disclosure import Entry
from shared.ids import id_or_nowhere
from shared.problems import Problem, invalid
from shared.records.plan import NewAction
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction

Kept = Mapping[str, Any]
_JUST_MADE = {"standing": "open", "age_days": 0, "late_days": 0, "asked": 0, "asked_at": None}


async def read_follow_up(parts: GatewayParts, acting: Acting, case: str) -> Kept:
    """What is kept beside a plan, raw: before the decision, like everything that is gathered."""
    try:
        path = f"/cases/{id_or_nowhere(case)}/follow-up"
        return holding(await parts.upstreams.read("case", path, acting), "promises", "needs", "goals")
    except Unreachable:
        raise part_unavailable() from None


def follow_up(seen: Seen, kept: Kept, shown: Iterable[Shown]) -> list[Shown]:
    """How each action that is shown stands. Only what the caller sees is named: another action that it waits
    for, or a goal that it serves, is not there if it is hidden."""
    visible = {entry["id"] for entry in seen.entries if seen.entry(entry["id"]) is not None}
    links = [(waits, needed) for waits, needed in kept["needs"] if {waits, needed} <= visible]
    round_and_round = waiting_for_themselves(links)
    return [
        {**_one(entry["id"], kept, visible), "waits_for_itself": entry["id"] in round_and_round}
        for entry in shown
    ]


def waiting_for_themselves(links: Iterable[tuple[str, str]]) -> set[str]:
    """The actions that wait for themselves by these links, each an action and what it needs.

    A circle that closes through what its author did not see was not refused to them; whoever sees all of it
    is told, and may take a link away.
    """
    needs: dict[str, set[str]] = {}
    for waits, needed in links:
        needs.setdefault(waits, set()).add(needed)
    while ends := {action for action in needs if needs[action].isdisjoint(needs)}:
        # Whoever waits for nothing that waits in its turn stands in no circle.
        needs = {action: needed - ends for action, needed in needs.items() if action not in ends}
    return {action for action in needs if _comes_back(needs, action)}


def _comes_back(needs: Mapping[str, Collection[str]], action: str) -> bool:
    to_visit, visited = [*needs[action]], set[str]()
    while to_visit:
        one = to_visit.pop()
        if one == action:
            return True
        if one not in visited:
            visited.add(one)
            to_visit.extend(needs.get(one, ()))
    return False


def _one(action: str, kept: Kept, visible: Collection[str]) -> Shown:
    goal = kept["goals"].get(action)
    needs = [needed for waiting, needed in kept["needs"] if waiting == action and needed in visible]
    return {
        "action": action,
        **standing_of(kept, action),
        "needs": needs,
        "goal": goal if goal in visible else None,
    }


def standing_of(kept: Kept, entry: str) -> Shown:
    """How a promise stands, in the same words whoever made it. One made meanwhile has just begun."""
    promise = kept["promises"].get(entry, _JUST_MADE)
    return {name: promise[name] for name in ("standing", "age_days", "late_days", "asked", "asked_at")}


def must_see(
    seen: Seen, id: str, field: str, what: str, *, kind: str | None = None, area: str | None = None
) -> Entry:
    """An entry that is named in a body; a 422 about the field unless the caller sees such a one, a 503
    while it may stand where nothing can be read."""
    found = seen.entry(id)
    if found is not None and kind in (None, found[0]["kind"]) and area in (None, found[0]["area"]):
        return found[0]
    if seen.unavailable:
        raise part_unavailable()
    raise invalid(field, f"Name {what} of this case that you can see.")


async def check_actions(
    parts: GatewayParts,
    acting: Acting,
    seen: Seen,
    actions: Sequence[NewAction],
    asks: Deed = Deed.CONTRIBUTE,
) -> None:
    """A 422 unless the caller may name whom actions are about and sees what they are linked to, wherever they
    are agreed: what is hidden is like what is not there. A 403 unless whoever is to owe them may be asked;
    ``asks``: the deed by which they are."""
    for number, action in enumerate(actions):
        check_subjects(seen, action.subjects, f"actions.{number}.subjects")
        _check_links(seen, action, f"actions.{number}.")
    named = {agency for action in actions for agency in (action.accountable, *(action.supporting or ()))}
    if named:
        await check_agencies(parts, acting, named)
    await check_may_be_asked(parts, acting, seen, {action.accountable for action in actions}, asks)


async def check_may_be_asked(
    parts: GatewayParts,
    acting: Acting,
    seen: Seen,
    agencies: Collection[str],
    asks: Deed = Deed.CONTRIBUTE,
) -> None:
    """A 403 unless each of these agencies is on the team, or may be asked as by a referral: what one owes it
    reads."""
    for refused in (await refusals_to_be_asked(parts, acting, seen, agencies, asks)).values():
        raise refused


async def refusals_to_be_asked(
    parts: GatewayParts,
    acting: Acting,
    seen: Seen,
    agencies: Collection[str],
    asks: Deed = Deed.CONTRIBUTE,
) -> dict[str, Problem]:
    """The 403 for each of these agencies that is not on the team and may not be asked either."""
    refused: dict[str, Problem] = {}
    at_work = {member["agency"] for member in seen.bundle["team"] if member["until"] is None}
    for agency in sorted(set(agencies) - at_work - {acting.caller.agency}):
        try:
            await parts.disclosure.see_case(
                seen.bundle["case"]["id"],
                acting,
                action=LedgerAction.CONTRIBUTE,
                deed=ask_to_do(asks, agency),
                shows=nothing,
            )
        except Problem as problem:
            if problem.kind != "forbidden":
                raise
            refused[agency] = problem
    return refused


def _check_links(seen: Seen, action: NewAction, path: str) -> None:
    for number, needed in enumerate(action.needs):
        must_see(seen, needed, f"{path}needs.{number}", "an action", kind="action")
    if action.goal is not None:
        must_see(seen, action.goal, f"{path}goal", "a goal", kind="plan_goal")
    if action.agreed_at is not None:
        must_see(seen, action.agreed_at, f"{path}agreed_at", "a meeting", area="meetings")
