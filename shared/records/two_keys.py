"""The two keys: asking, the owner's answer and the family's; releases; decisions not to share."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Day, Id, Line, Moment, Record, Text, UserId
from shared.records.consents import Agencies, Categories, FamilysWord
from shared.records.people import PersonSearch
from shared.vocabulary import SENSITIVE, Answer

LevelAsked = Literal["existence", "summary", "full"]
PurposeAsked = Literal["support", "safeguarding", "panel"]
"""What one agency may ask another to share for. (Enforcement has a way of its own.)"""


class _Scope(Record):
    """How much of what, for what, until when."""

    categories: Categories
    level: LevelAsked
    purpose: PurposeAsked
    valid_until: Moment

    @model_validator(mode="after")
    def _asks_singly(self) -> Self:
        if len(self.categories) > 1 and SENSITIVE.intersection(self.categories):
            raise WrongField(
                "categories", "Ask about each sensitive category on its own: send it as the only category."
            )
        return self


class _Asking(_Scope):
    """What is asked of whom; ``reason`` is read by the owner, and to the family."""

    owner: AgencyCode
    reason: Text


class NewSharingRequest(_Asking):
    """An agency asks an information owner to share something about somebody whom a case is about."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "owner": "harbour-social-care",
                "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
                "categories": ["contact"],
                "level": "full",
                "purpose": "support",
                "valid_until": "2027-05-01T00:00:00Z",
                "reason": "To see him at home, and not at school where others watch.",
            }
        }
    )

    subject: Id


class SharingRequestByDetails(_Asking):
    """The same by somebody who knows no case: whom it is about is said by two identifying details.

    ``reference`` is the asker's own, by which they know their request again: the details are not kept.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "person": {"name": "Amara Okonjo", "date_of_birth": "2011-05-14"},
                "owner": "harbour-social-care",
                "categories": ["contact"],
                "level": "full",
                "purpose": "support",
                "valid_until": "2027-05-01T00:00:00Z",
                "reason": "She asked at our door for help and left no address.",
                "reference": "door book 17",
            }
        }
    )

    person: PersonSearch
    reference: Line


class OwnerAnswer(Record):
    """The owner's key: released (all that was asked, or less), or refused. Refusing takes a release back."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"answer": "released", "reason": "He is known to both of us."}}
    )

    answer: Literal["released", "refused"]
    categories: Categories | None = None
    level: LevelAsked | None = None
    valid_until: Moment | None = None
    reason: Text

    @model_validator(mode="after")
    def _narrows_a_release_only(self) -> Self:
        if self.answer == "refused" and (self.categories or self.level or self.valid_until):
            raise WrongField(
                "answer", "A refusal refuses all that was asked; leave out categories, level and valid_until."
            )
        return self


class FamilyAnswer(FamilysWord):
    """The family's key: their answer to a request, for all that was asked or for less of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
                "giver": "0b5f6c1e-3f58-4b0f-8d2c-64c1d0b7a922",
                "capacity": "parent",
                "answer": "given",
                "statement": {"reasons_explained_and_understood": True, "agrees": True},
                "evidence": {"form": "written", "reference": "form 21"},
                "wording_version": "2026-1",
            }
        }
    )

    categories: Categories | None = None
    level: LevelAsked | None = None

    @model_validator(mode="after")
    def _narrows_a_yes_only(self) -> Self:
        if self.answer == Answer.REFUSED and (self.categories or self.level or self.valid_until):
            raise WrongField(
                "answer", "A refusal answers all that was asked; leave out categories, level and valid_until."
            )
        return self


class NewRelease(_Scope):
    """The owner's yes outright: it lifts what the agreement allows, and opens nothing by itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "recipient": "borough-police",
                "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
                "categories": ["contact"],
                "level": "full",
                "purpose": "support",
                "valid_until": "2027-05-01T00:00:00Z",
                "reason": "They take him home.",
            }
        }
    )

    recipient: AgencyCode
    subject: Id
    reason: Text


class ReleaseEnding(Record):
    """Why the owner takes a release back."""

    reason: Text


class NewNonDisclosure(Record):
    """A decision not to share, recorded like a decision to share (design 3.2)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
                "categories": ["health"],
                "from_agencies": ["tidewater-housing"],
                "reason": "It would make no difference to the tenancy.",
                "review_on": "2027-05-01",
            }
        }
    )

    subject: Id
    categories: Categories
    from_agencies: Agencies = ()
    from_users: Annotated[tuple[UserId, ...], Field(max_length=100)] = ()
    reason: Text
    review_on: Day

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.from_agencies and not self.from_users:
            raise WrongField("from_agencies", "Name at least one agency or user from whom this is kept.")
        return self
