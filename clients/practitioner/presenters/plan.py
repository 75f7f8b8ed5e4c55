"""What the page of a plan shows: goals, actions, how each stands, and what this reader may do to it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.offers import may_while_open
from clients.practitioner.presenters.promises import ANSWERS, OVER, colour_of, stands, words_of
from clients.practitioner.words import day, in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    id: str
    text: str
    by_when: str | None
    status: str
    came_of_it: str | None
    etag: str | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class Action:
    """``late_days``: how long it is overdue, 0 where it is not. ``etag``: there where it is seen in full."""

    id: str
    what: str
    outcome_wanted: str | None
    who: str
    supporting: Sequence[str]
    by_when: str | None
    status: str
    colour: str
    answer: str | None
    part: str | None
    why: str | None
    outcome: str | None
    late_days: int
    asked: int
    goal: str | None
    waits_for: Sequence[str]
    needs: Sequence[str]
    waits_for_itself: bool
    etag: str | None
    may_answer: bool
    may_say_how_it_stands: bool
    may_ask_for_news: bool
    may_say_what_it_needs: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """A signed assessment of which something is not in the plan yet: how many actions and goals."""

    id: str
    signed_on: str
    actions: int
    goals: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """``goals_of_assessments``: what stands as a goal in an assessment; how it goes is not kept.
    ``to_carry``: the assessments from which something may be carried over."""

    goals: Sequence[Goal]
    goals_of_assessments: Sequence[str]
    actions: Sequence[Action]
    may_add: bool
    to_carry: Sequence[Assessment]


def plan_page_of(view: Json, answer: Json, names: Mapping[str, str], agency: str | None) -> PlanPage:
    """The page from ``GET /v1/cases/{case}`` and ``GET …/actions``, overdue first, for this agency."""
    may, areas = may_while_open(view), view["areas"]
    writes = Deed.CONTRIBUTE in may
    goals = [_goal(one, writes, agency) for one in areas["plan"] if one["kind"] == "plan_goal"]
    of_assessments = [
        one["fields"]["text"]
        for one in areas["assessment"]
        if one["kind"] == "goal" and "text" in one["fields"]
    ]
    standing = {one["action"]: one for one in answer["follow_up"]}
    entries = {one["id"]: one for one in answer["entries"]}
    goal_words = {goal.id: goal.text for goal in goals}
    actions = [
        _action(one, standing[one["id"]], entries, goal_words, names, may, agency)
        for one in answer["entries"]
    ]
    return PlanPage(
        goals=goals,
        goals_of_assessments=of_assessments,
        actions=sorted(actions, key=lambda one: (one.status in OVER, -one.late_days, one.by_when or "9999")),
        may_add=writes,
        to_carry=_to_carry(view, answer["entries"]) if writes else [],
    )


def _to_carry(view: Json, actions: Sequence[Json]) -> list[Assessment]:
    """What of each signed assessment this reader sees in full and nobody carried over yet."""
    planned = [*actions, *(one for one in view["areas"]["plan"] if one["kind"] == "plan_goal")]
    carried = {(one["fields"].get("source") or {}).get("entry") for one in planned}
    entries = view["areas"]["assessment"]
    found = []
    for one in entries:
        if one["kind"] != "assessment" or one["fields"].get("state") != "signed":
            continue
        left = [
            part["kind"]
            for part in entries
            if part.get("part_of") == one["id"] and part["level"] == "full" and part["id"] not in carried
        ]
        actions_left, goals_left = left.count("agreed_action"), left.count("goal")
        if actions_left or goals_left:
            signed = day(one["fields"].get("signed_on"))
            found.append(Assessment(one["id"], signed, actions_left, goals_left))
    return found


def _goal(one: Json, writes: bool, agency: str | None) -> Goal:
    fields = one["fields"]
    return Goal(
        id=one["id"],
        text=fields.get("goal") or "Details not shown",
        by_when=fields.get("by_when"),
        status=in_words(fields["status"]),
        came_of_it=fields.get("what_came_of_it"),
        etag=one.get("etag"),
        may_change=writes and one["owner"] == agency and "etag" in one and fields["status"] == "open",
    )


def _action(
    one: Json,
    standing: Json,
    entries: Mapping[str, Json],
    goals: Mapping[str, str],
    names: Mapping[str, str],
    may: Sequence[str],
    agency: str | None,
) -> Action:
    fields = one["fields"]
    status, own = stands(fields), fields.get("status", "agreed")
    accountable = fields.get("accountable", one["owner"])
    service = names.get(accountable) or in_words(accountable)
    responsible = fields.get("responsible_name")
    owes = Deed.WRITE_ACTION_STATUS in may and accountable == agency and own not in OVER
    return Action(
        id=one["id"],
        what=_what(one),
        outcome_wanted=fields.get("desired_outcome") if "action" in fields else None,
        who=f"{responsible}, {service}" if responsible else service,
        supporting=[names.get(code) or in_words(code) for code in fields.get("supporting") or ()],
        by_when=fields.get("by_when"),
        status=status,
        colour=colour_of(status),
        answer=ANSWERS.get(fields.get("answer") or ""),
        part=fields.get("accepted_part"),
        why=fields.get("answer_reason"),
        outcome=fields.get("outcome") or fields.get("ended_because"),
        late_days=standing["late_days"] if status not in OVER else 0,
        asked=standing["asked"],
        goal=goals.get(standing["goal"]),
        waits_for=[_what(entries[needed]) for needed in standing["needs"] if needed in entries],
        needs=[needed for needed in standing["needs"] if needed in entries],
        waits_for_itself=standing["waits_for_itself"],
        etag=one.get("etag"),
        may_answer=owes and status == own == "agreed" and "answer" not in fields,
        may_say_how_it_stands=owes and "etag" in one,
        may_ask_for_news=Deed.CONTRIBUTE in may and accountable != agency and status not in OVER,
        may_say_what_it_needs=Deed.CONTRIBUTE in may and status not in OVER,
    )


def _what(one: Json) -> str:
    return words_of(one["fields"])
