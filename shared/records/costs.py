"""What an agency's own work on a case costs."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Line, Record

MOST_PENCE = 1_000_000_000
Pence = Annotated[int, Field(ge=1, le=MOST_PENCE, strict=True)]


class ServiceCostFields(Record):
    """What an agency spent on its own work for somebody in a time, from its first day to the day after its
    last. Money is in pence. ``planned_alternative``: what was or might have been planned instead, and what
    that would have cost."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "service": "Education otherwise than at school",
                "starts_on": "2026-01-01",
                "ends_on": "2026-04-01",
                "pence": 320_000,
                "planned_alternative": "A mentor from the start of the year",
                "planned_alternative_pence": 90_000,
            }
        }
    )

    service: Line
    starts_on: Day
    ends_on: Day
    pence: Pence
    planned_alternative: Line | None = None
    planned_alternative_pence: Pence | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.planned_alternative is None) != (self.planned_alternative_pence is None):
            raise WrongField(
                "planned_alternative" if self.planned_alternative is None else "planned_alternative_pence",
                "Say what was planned instead and what it would have cost (planned_alternative and "
                "planned_alternative_pence), or neither.",
            )
        if self.ends_on <= self.starts_on:
            raise WrongField("ends_on", "The time must end (ends_on) after it starts (starts_on).")
        return self
