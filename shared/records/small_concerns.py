"""What worries somebody a little: below every agency's threshold, and seen by the agency that noticed alone
unless permission opens it. What several of them make together is a signal."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Record, Text
from shared.vocabulary import Category


class SmallConcernFields(Record):
    """A small concern as it is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"noticed_on": "2026-03-02", "what": "She fell asleep in two lessons this week."}
        }
    )

    noticed_on: Day
    what: Text


class NewSmallConcern(Record):
    """What was noticed, on which day (today, where none is given), and what it says something about."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "noticed_on": "2026-03-02",
                "what": "She fell asleep in two lessons this week.",
                "categories": ["wellbeing"],
            }
        }
    )

    noticed_on: Day | None = None
    what: Text
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=len(Category))]

    @model_validator(mode="after")
    def _says_nothing_of_equality(self) -> Self:
        if Category.EQUALITY in self.categories:
            raise WrongField("categories", "Leave out what says something of equality; it is no concern.")
        return self


class SignalOutcome(StrEnum):
    """What came of a signal."""

    BROUGHT_TO_PANEL = "brought_to_panel"
    CASE_OPENED = "case_opened"
    HELP_IN_PLACE = "help_in_place"
    NO_FURTHER_ACTION = "no_further_action"


class SignalClosing(Record):
    """What came of a signal. What was said about the person belongs in their case."""

    model_config = ConfigDict(json_schema_extra={"example": {"outcome": "brought_to_panel"}})

    outcome: SignalOutcome
