"""What an agency's own work on a case costs."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.records.base import Day, Line, Record

MOST_PENCE = 1_000_000_000
Pence = Annotated[int, Field(ge=1, le=MOST_PENCE, strict=True)]


class ServiceCostFields(Record):
    """What an agency spent on its own work for somebody in a time, from its first day to the day after its
    last. Money is in pence."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "service": "Education otherwise than at school",
                "starts_on": "2026-01-01",
                "ends_on": "2026-04-01",
                "pence": 320_000,
            }
        }
    )

    service: Line
    starts_on: Day
    ends_on: Day
    pence: Pence

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.ends_on <= self.starts_on:
            raise ValueError("The time must end (ends_on) after it starts (starts_on).")
        return self
