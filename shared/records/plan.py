"""What was agreed to be done: each action with one who owes it, a date and, in the end, an outcome."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, WrapValidator, model_validator

from shared.records.base import AgencyCode, Day, Id, Line, Record, Text, UserId, Version, YesNo
from shared.records.kinds import located_plainly
from shared.records.parties import Party
from shared.vocabulary import Category

_ASSESSMENT = "5d2f8a30-6f0e-4b5e-8a77-1c4f2e9b6d03"
_ENTRY = "c81f0f0a-7a4d-4c2b-b0d5-93f7a1e4d852"


class ActionStatus(StrEnum):
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_DONE = "not_done"
    DECLINED = "declined"
    ENDED = "ended"


class ActionAnswer(StrEnum):
    """What the agency that is to owe an action says to that."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    DECLINED = "declined"


class PledgeState(StrEnum):
    """How a pledge stands. ``delivered`` is the word of the agency that gave it, ``kept`` and ``missed`` that
    of those to whom it was given."""

    PLEDGED = "pledged"
    DELIVERED = "delivered"
    KEPT = "kept"
    MISSED = "missed"
    DECLINED = "declined"
    ENDED = "ended"


class ActionSource(Record):
    """The entry of an assessment from which an action was carried over."""

    model_config = ConfigDict(json_schema_extra={"example": {"assessment": _ASSESSMENT, "entry": _ENTRY}})

    assessment: Id
    entry: Id


Supporting = Annotated[tuple[AgencyCode, ...], Field(max_length=30)]


class AgreedAction(Record):
    """What was agreed: for what, by whom, until when. ``accountable`` is the agency that owes it.

    ``supporting`` agencies help and owe nothing. ``needed_by`` is the day on which what it waits for must be
    there; ``family_wishes`` what the family would like, in their words.
    """

    desired_outcome: Text
    action: Text
    by_when: Day
    starts_on: Day | None = None
    needed_by: Day | None = None
    accountable: AgencyCode
    supporting: Supporting | None = None
    responsible_name: Line | None = None
    responsible_user: UserId | None = None
    family_wishes: Text | None = None


class ActionFields(AgreedAction):
    """An action as it is kept. ``answer``: what the agency that owes it said; ``agreed_at``: the meeting;
    ``pledge``: how it stands as a pledge, if it was given there, with what was said of it and by whom."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "desired_outcome": "Back at school every day",
                "action": "Meet him at the gate on Mondays",
                "by_when": "2026-04-01",
                "accountable": "northgate-school",
                "responsible_name": "Priya Nair",
                "status": "agreed",
            }
        }
    )

    status: ActionStatus
    outcome: Text | None = None
    source: ActionSource | None = None
    answer: ActionAnswer | None = None
    accepted_part: Text | None = None
    answer_reason: Text | None = None
    agreed_at: Id | None = None
    ended_because: Text | None = None
    pledge: PledgeState | None = None
    what_happened: Text | None = None
    said_by: Party | None = None


Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]
Subjects = Annotated[tuple[Id, ...], Field(max_length=30)]


class NewAction(AgreedAction):
    """An action agreed now. ``categories`` names what its wording reveals besides the plan itself.

    ``agreed_at``: the meeting at which it was agreed; ``goal``: the goal that it serves; ``needs``: actions
    of the same case that must be done before it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "desired_outcome": "Back at school every day",
                "action": "Meet him at the gate on Mondays",
                "by_when": "2026-04-01",
                "accountable": "northgate-school",
                "responsible_name": "Priya Nair",
                "categories": [],
                "subjects": [],
            }
        }
    )

    categories: Categories = ()
    subjects: Subjects = ()
    agreed_at: Id | None = None
    goal: Id | None = None
    needs: Annotated[tuple[Id, ...], Field(max_length=30)] = ()


class NewActions(Record):
    """One or more actions; without ``subjects`` an action is about the person whom the case is about."""

    actions: Annotated[list[NewAction], Field(min_length=1, max_length=50)]


class CarriedAction(AgreedAction):
    """An action of a signed assessment, with the labels of its source."""

    source: Id
    owner: AgencyCode
    categories: Categories
    subjects: Annotated[list[Id], Field(min_length=1, max_length=30)]


class CarriedGoal(Record):
    """A goal of a signed assessment, with the labels of its source."""

    source: Id
    goal: Text
    owner: AgencyCode
    categories: Categories
    subjects: Annotated[list[Id], Field(min_length=1, max_length=30)]


class CarriedGoals(Record):
    """The goals of an assessment, carried into the plan without retyping, each once."""

    assessment: Id
    goals: Annotated[tuple[CarriedGoal, ...], Field(max_length=200)]


class CarriedActions(Record):
    """The agreed actions of an assessment, carried into the plan without retyping, each once."""

    assessment: Id
    actions: Annotated[tuple[CarriedAction, ...], Field(max_length=200)]


class CarryOver(Record):
    """Carry the agreed actions, or the goals, of a signed assessment into the plan as they are, each once.

    They keep the sensitive categories of their source, unless the author confirms that the wording of all of
    them reveals nothing of the kind.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"carry_over_from": _ASSESSMENT}})

    carry_over_from: Id
    wording_reveals_nothing_sensitive: YesNo = False


def _which(body: Any) -> str:
    carries = "carry_over_from" in body if isinstance(body, dict) else isinstance(body, CarryOver)
    return "carried" if carries else "agreed"


ActionsToAdd = Annotated[
    Annotated[NewActions, Tag("agreed")] | Annotated[CarryOver, Tag("carried")],
    Discriminator(_which),
    WrapValidator(located_plainly),
]


class ActionChanges(Record):
    """What changes in an action: the agency that owes it writes status and outcome, the owner the rest."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "done", "outcome": "At school every day in March"}}
    )

    status: ActionStatus | None = None
    outcome: Text | None = None
    desired_outcome: Text | None = None
    action: Text | None = None
    by_when: Day | None = None
    starts_on: Day | None = None
    needed_by: Day | None = None
    accountable: AgencyCode | None = None
    supporting: Supporting | None = None
    responsible_name: Line | None = None
    responsible_user: UserId | None = None
    family_wishes: Text | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        changes = self.model_fields_set - {"expected_version"}
        if not changes:
            raise ValueError("Name at least one field to change.")
        if any(getattr(self, name) is None for name in changes):
            raise ValueError("Leave out what stays as it is; null changes nothing.")
        return self


class ActionChange(ActionChanges):
    """A change with the version that its author saw (from ``If-Match``)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"expected_version": 1, "status": "done", "outcome": "At school every day in March"}
        }
    )

    expected_version: Version


class PartialAcceptance(Record):
    """Which part of an action its agency takes on, and why not the rest."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"part": "Meet him on Mondays", "reason": "Nobody is free on Fridays."}}
    )

    part: Text
    reason: Text


class Decline(Record):
    """Why an agency does not take an action on."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "He is not on our list."}})

    reason: Text


class Answered(Record):
    """The answer of the agency that is to owe an action, as it is kept."""

    answer: ActionAnswer
    part: Text | None = None
    reason: Text | None = None


class Dependency(Record):
    """What must be done first: "housing before release"."""

    model_config = ConfigDict(json_schema_extra={"example": {"needs": _ENTRY}})

    needs: Id


class DependencyToKeep(Dependency):
    """The same with the actions that its author sees: a circle is refused where they can see it. And with
    those that are hidden from them: one that is neither was agreed meanwhile."""

    seen: Annotated[tuple[Id, ...], Field(max_length=2000)]
    hidden: Annotated[tuple[Id, ...], Field(max_length=2000)] = ()


class GoalStatus(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    GIVEN_UP = "given_up"


class PlanGoalFields(Record):
    """What is to be different, in words that the person would use."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"goal": "I want to be back with my class", "status": "open"}}
    )

    goal: Text
    by_when: Day | None = None
    family_wishes: Text | None = None
    agreed_at: Id | None = None
    status: GoalStatus
    what_came_of_it: Text | None = None
    source: ActionSource | None = None


class NewGoal(Record):
    """A goal agreed now; without ``subjects`` it is for the person whom the case is about."""

    model_config = ConfigDict(json_schema_extra={"example": {"goal": "I want to be back with my class"}})

    goal: Text
    by_when: Day | None = None
    family_wishes: Text | None = None
    agreed_at: Id | None = None
    categories: Categories = ()
    subjects: Subjects = ()


GoalToAdd = Annotated[
    Annotated[NewGoal, Tag("agreed")] | Annotated[CarryOver, Tag("carried")],
    Discriminator(_which),
    WrapValidator(located_plainly),
]


class GoalChanges(Record):
    """What changes in a goal; one that is reached or given up says what came of it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "reached", "what_came_of_it": "Every day since March"}}
    )

    goal: Text | None = None
    by_when: Day | None = None
    family_wishes: Text | None = None
    status: GoalStatus | None = None
    what_came_of_it: Text | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not any(getattr(self, name) is not None for name in self.model_fields_set - {"expected_version"}):
            raise ValueError("Name at least one field to change.")
        return self


class GoalChange(GoalChanges):
    """A change with the version that its author saw (from ``If-Match``)."""

    expected_version: Version
