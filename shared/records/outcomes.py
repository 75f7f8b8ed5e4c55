"""Outcomes: one measure with its scale, taken at the beginning, at reviews and at the close."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Line, Record, Text, YesNo
from shared.records.plan import Categories, Subjects

Points = Annotated[int, Field(ge=-1_000_000, le=1_000_000, strict=True)]


class Stage(StrEnum):
    BASELINE = "baseline"
    REVIEW = "review"
    CLOSE = "close"


class Measured(Record):
    """A value at one date."""

    stage: Stage
    measured_on: Day
    value: Points
    note: Text | None = None


class Scale(Record):
    """From where to where a measure goes, and which end is the better one."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"lowest": 0, "highest": 10, "higher_is_better": True}}
    )

    lowest: Points
    highest: Points
    higher_is_better: YesNo

    @model_validator(mode="after")
    def _goes_up(self) -> Self:
        if self.lowest >= self.highest:
            raise WrongField("highest", "The highest value lies above the lowest.")
        return self


class OutcomeMeasureFields(Record):
    """A measure as it is kept; ``stage`` is that of its last value."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "measure": "Days at school of the last ten",
                "scale": {"lowest": 0, "highest": 10, "higher_is_better": True},
                "stage": "baseline",
                "values": [{"stage": "baseline", "measured_on": "2031-03-03", "value": 2}],
            }
        }
    )

    measure: Line
    scale: Scale
    stage: Stage
    values: Annotated[tuple[Measured, ...], Field(min_length=1, max_length=200)]


class FirstValue(Record):
    measured_on: Day
    value: Points
    note: Text | None = None


class NewOutcomeMeasure(Record):
    """A measure with its baseline."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "measure": "Days at school of the last ten",
                "scale": {"lowest": 0, "highest": 10, "higher_is_better": True},
                "baseline": {"measured_on": "2031-03-03", "value": 2},
            }
        }
    )

    measure: Line
    scale: Scale
    baseline: FirstValue
    categories: Categories = ()
    subjects: Subjects = ()


class LaterValue(FirstValue):
    """A value at a review, or at the close, after which there is none."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"stage": "review", "measured_on": "2031-06-03", "value": 7}}
    )

    stage: Stage

    @model_validator(mode="after")
    def _comes_later(self) -> Self:
        if self.stage is Stage.BASELINE:
            raise WrongField("stage", "A measure has one baseline; this is a review, or the close.")
        return self
