"""Reviews: how the case stands, who sees to it, and when the team looks again."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Id, Record, Text, YesNo
from shared.vocabulary import Category

CANNOT_ACT = (
    "They cannot see to this: their access is not in force, or they do no casework in their role here. Name "
    "somebody else of the team."
)
_MEMBER = "b0c2f7de-91a4-4e0b-8f6d-2f1f3c9e7a45"


class ReviewOutcome(StrEnum):
    ON_TRACK = "on_track"
    SLOW = "slow"
    NO_PROGRESS = "no_progress"
    WORSE = "worse"
    NEEDS_MET = "needs_met"


class NewReview(Record):
    """When the team looks at the case again; and, of a review that was held, what came of it.

    Somebody at risk has an owner and a next date, or it is not kept: ``owner`` is a place on the team, by the
    id on the roster. What is left out stays as it was.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"review_on": "2026-06-01"}})

    review_on: Day
    at_risk: YesNo | None = None
    owner: Id | None = None
    held_on: Day | None = None
    outcome: ReviewOutcome | None = None
    note: Text | None = None
    categories: Annotated[tuple[Category, ...], Field(max_length=len(Category))] = ()

    @model_validator(mode="after")
    def _loses_nobody(self) -> Self:
        if self.at_risk and self.owner is None:
            raise WrongField("owner", "Somebody at risk needs an owner: name who of the team sees to it.")
        if (self.held_on is None) != (self.outcome is None):
            raise WrongField(
                "held_on" if self.held_on is None else "outcome",
                "Of a review that was held say both when (held_on) and its outcome.",
            )
        return self

    @property
    def says_more(self) -> bool:
        """Whether there is more to keep than the day of the next review."""
        return bool(self.model_fields_set - {"review_on"})


class FollowUp(Record):
    """Who sees to somebody at risk, by the id on the roster, and when next. ``unless_owned``: only where
    nobody does yet."""

    owner: Id
    review_on: Day
    unless_owned: YesNo = False


class ReviewFields(Record):
    """What was said of a review; ``watched_over_by``: who watches over it since the case was closed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "review_on": "2026-06-01", "owner": _MEMBER, "held_on": "2026-04-01", "outcome": "on_track",
            }
        }
    )  # fmt: skip

    review_on: Day
    at_risk: YesNo | None = None
    owner: Id | None = None
    held_on: Day | None = None
    outcome: ReviewOutcome | None = None
    note: Text | None = None
    watched_over_by: Text | None = None
