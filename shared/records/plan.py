"""What was agreed to be done: each action with one who owes it, a date and, in the end, an outcome."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, WrapValidator, model_validator

from shared.records.base import AgencyCode, Day, Id, Line, Record, Text, UserId, Version
from shared.records.kinds import located_plainly
from shared.vocabulary import Category

_ASSESSMENT = "5d2f8a30-6f0e-4b5e-8a77-1c4f2e9b6d03"
_ENTRY = "c81f0f0a-7a4d-4c2b-b0d5-93f7a1e4d852"


class ActionStatus(StrEnum):
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_DONE = "not_done"


class ActionSource(Record):
    """The entry of an assessment from which an action was carried over."""

    model_config = ConfigDict(json_schema_extra={"example": {"assessment": _ASSESSMENT, "entry": _ENTRY}})

    assessment: Id
    entry: Id


class AgreedAction(Record):
    """What was agreed: for what, by whom, until when. ``accountable`` is the agency that owes it."""

    desired_outcome: Text
    action: Text
    by_when: Day
    accountable: AgencyCode
    responsible_name: Line | None = None
    responsible_user: UserId | None = None


class ActionFields(AgreedAction):
    """An action as it is kept."""

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


Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]
Subjects = Annotated[tuple[Id, ...], Field(max_length=30)]


class NewAction(AgreedAction):
    """An action agreed now. ``categories`` names what its wording reveals besides the plan itself."""

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


class NewActions(Record):
    """One or more actions; without ``subjects`` an action is about the person whom the case is about."""

    actions: Annotated[list[NewAction], Field(min_length=1, max_length=50)]


class CarriedAction(AgreedAction):
    """An action of a signed assessment, with the labels of its source."""

    source: Id
    owner: AgencyCode
    categories: Categories
    subjects: Annotated[list[Id], Field(min_length=1, max_length=30)]


class CarriedActions(Record):
    """The agreed actions of an assessment, carried into the plan without retyping, each once."""

    assessment: Id
    actions: Annotated[tuple[CarriedAction, ...], Field(max_length=200)]


class CarryOver(Record):
    """Carry the agreed actions of a signed assessment into the plan without retyping, each once.

    They keep the sensitive categories of their source, unless the author confirms that the wording of all of
    them reveals nothing of the kind.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"carry_over_from": _ASSESSMENT}})

    carry_over_from: Id
    wording_reveals_nothing_sensitive: bool = False


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
    accountable: AgencyCode | None = None
    responsible_name: Line | None = None
    responsible_user: UserId | None = None

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
