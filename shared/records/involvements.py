"""The fact that an agency works with somebody, recorded by that agency itself."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Line, Record
from shared.records.people import Telephone
from shared.vocabulary import SENSITIVE, Category


class InvolvementReason(StrEnum):
    """Why somebody is known to an agency: the simple reason, and no more than that."""

    UNIVERSAL_SERVICE = "universal_service"
    ADDITIONAL_SUPPORT = "additional_support"
    ASSESSMENT = "assessment"
    TREATMENT = "treatment"
    ATTENDANCE = "attendance"
    TENANCY = "tenancy"
    EMPLOYMENT_SUPPORT = "employment_support"
    VICTIM = "victim"
    OFFENCE = "offence"
    PROTECTION = "protection"
    OTHER = "other"


class InvolvementFields(Record):
    """What is kept: which service of the owner agency, whom to ring, from when until when, and why."""

    service: Line
    contact_name: Line | None = None
    contact_telephone: Telephone | None = None
    since: Day
    until: Day | None = None
    reason: InvolvementReason


class NewInvolvement(InvolvementFields):
    """One's own agency works with somebody. ``sensitive``: what the service's very name says of them, asked
    one at a time; with it the entry has lower tiers."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "service": "School nursing",
                "contact_name": "Priya Nair",
                "contact_telephone": "01632 960111",
                "since": "2026-01-12",
                "reason": "universal_service",
                "sensitive": [],
            }
        }
    )

    sensitive: Annotated[tuple[Category, ...], Field(max_length=len(SENSITIVE))] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise WrongField("until", "It cannot end (until) before it begins (since).")
        if not SENSITIVE.issuperset(self.sensitive) or Category.EQUALITY in self.sensitive:
            words = ", ".join(sorted(SENSITIVE - {Category.EQUALITY}))
            raise WrongField("sensitive", f"Name only what is sensitive: {words}.")
        return self


class InvolvementEnding(Record):
    """The day on which the work with somebody ended."""

    model_config = ConfigDict(json_schema_extra={"example": {"until": "2026-05-29"}})

    until: Day
