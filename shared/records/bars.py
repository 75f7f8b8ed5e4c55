"""Bars: absolute stops, their reviews and their lifting."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Day, Id, Line, Record, Text, UserId, YesNo
from shared.records.people import Telephone
from shared.vocabulary import BarKind, Category

_OF_A_PROTECTED_ADDRESS = (Category.CONTACT,)


class Custodian(Record):
    """Who answers for a bar, day and night, and the agency whose officers look after it with them."""

    name: Line
    telephone: Telephone
    agency: AgencyCode


class NewBar(Record):
    """Whom a bar stops, about whom, and why. ``subjects``: left out, everybody whom the case is about.

    ``everyone_except`` stops all but those listed. A protected address is such a bar on ``contact``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "protected_address",
                "agencies": ["harbour-social-care"],
                "everyone_except": True,
                "categories": ["contact"],
                "legal_reference": "Non-molestation order 17/2031, county court",
                "custodian": {
                    "name": "Duty manager",
                    "telephone": "01632 960200",
                    "agency": "harbour-social-care",
                },
                "review_on": "2031-09-01",
                "reason": "He must not learn where they live.",
            }
        }
    )

    kind: BarKind
    subjects: Annotated[tuple[Id, ...], Field(min_length=1, max_length=30)] | None = None
    agencies: Annotated[tuple[AgencyCode, ...], Field(max_length=100)] = ()
    users: Annotated[tuple[UserId, ...], Field(max_length=100)] = ()
    everyone_except: YesNo = False
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=len(Category))]
    legal_reference: Line
    custodian: Custodian
    review_on: Day
    reason: Text

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not self.agencies and not self.users:
            raise WrongField(
                "agencies", "Name at least one agency or user: those stopped, or those who are not."
            )
        if self.kind == BarKind.PROTECTED_ADDRESS:
            if not self.everyone_except:
                raise WrongField(
                    "everyone_except",
                    "A protected address stops everyone except those named (everyone_except).",
                )
            if self.categories != _OF_A_PROTECTED_ADDRESS:
                raise WrongField(
                    "categories", "A protected address is a bar on contact; what locates counts as contact."
                )
        return self


class BarLifting(Record):
    """Why a bar is no longer needed: said by two people, one after the other."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "The order was discharged."}})

    reason: Text


class BarReview(Record):
    """That a bar was looked at and goes on, and when it is looked at again."""

    model_config = ConfigDict(json_schema_extra={"example": {"review_on": "2032-03-01"}})

    review_on: Day
    note: Text | None = None
