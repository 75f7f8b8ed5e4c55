"""Sharing without permission: statutory overrides, and break-glass when somebody may come to harm."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Id, Line, Moment, Record, Text, UserId, YesNo
from shared.records.consents import Agencies, Categories
from shared.records.people import PersonSearch
from shared.vocabulary import Purpose

BasisCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,62}$")]


class OverrideRecipients(Record):
    """To whom an override opens: agencies, or single users."""

    agencies: Agencies = ()
    users: Annotated[tuple[UserId, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.agencies and not self.users:
            raise WrongField("agencies", "Name at least one agency or user that may see this.")
        return self


class NewOverride(Record):
    """A statutory override: on which lawful basis whose information is opened to whom, for what, until when.

    ``subjects``: left out, everybody whom the case is about. ``valid_until`` is compulsory; an override
    without it is refused after it was asked for, so that the refusal stands in the ledger.
    ``family_may_be_told``: that it tips nobody off if the family reads at once who looked because of it. Left
    out, they do not read it until somebody else says that they may.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "lawful_basis": "section_47_enquiry",
                "reference": "S47-2031-118",
                "reason": "A neighbour reported that the children are left alone at night.",
                "recipients": {"agencies": ["harbour-social-care"]},
                "categories": ["parenting", "safeguarding"],
                "purposes": ["safeguarding"],
                "level": "full",
                "valid_until": "2031-03-20T17:00:00Z",
            }
        }
    )

    lawful_basis: BasisCode
    reference: Line
    reason: Text
    subjects: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)] | None = None
    recipients: OverrideRecipients
    categories: Categories
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=len(Purpose))]
    level: Literal["existence", "summary", "full"]
    valid_until: Moment | None = None
    family_may_be_told: YesNo = False


class TellingReview(Record):
    """Whether the family may read by now who looked because of an override. If not, it is looked at again."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "family_may_be_told": False,
                "reason": "He has not been interviewed yet.",
                "review_on": "2031-05-01",
            }
        }
    )

    family_may_be_told: YesNo
    reason: Text
    review_on: Day | None = None

    @model_validator(mode="after")
    def _is_looked_at_again(self) -> Self:
        if self.family_may_be_told != (self.review_on is None):
            raise WrongField(
                "review_on", "Say a day of review where they may not be told yet, and only then."
            )
        return self


class OverrideEnding(Record):
    """Why an override ends before its time."""

    reason: Line


class NewBreakGlass(Record):
    """Opening a case because somebody may come to harm before anybody can be asked.

    ``for_user``: the colleague for whom a manager opens it.
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {"reason": "The child is missing and it is getting dark."}}
    )

    reason: Text
    for_user: UserId | None = None


class BreakGlassByDetails(NewBreakGlass):
    """The same where no case is known: by two identifying details of the person."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "person": {"name": "Amara Okonjo", "date_of_birth": "2011-05-14"},
                "reason": "The child is missing and it is getting dark.",
            }
        }
    )

    person: PersonSearch


class BreakGlassReview(Record):
    """What somebody else found who looked at it afterwards."""

    finding: Literal["justified", "not_justified"]
    note: Text
