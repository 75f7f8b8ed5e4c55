"""A concern, sent to social care or the police on one form: no permission is needed, and no view."""

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from shared.problems import WrongField
from shared.records.base import AgencyCode, Id, Line, Record, Text, YesNo
from shared.records.people import NewDetail
from shared.vocabulary import Category

_CASE_EXAMPLE: JsonDict = {
    "recipient": "harbour-social-care",
    "about": "Amara Okonjo, 9, of Flat 3, Garrison Court",
    "worry": "She came with a burn on her arm and would not say how.",
    "when": "This morning, before the first lesson",
    "immediate_danger": False,
    "family_told": False,
    "not_told_because": "It might put her at risk tonight.",
}
Subjects = Annotated[tuple[Id, ...], Field(max_length=30)]
Sent = Annotated[tuple[Id, ...], Field(max_length=50)]
Details = Annotated[tuple[NewDetail, ...], Field(max_length=30)]
Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]


class ConcernForm(Record):
    """What every concern says. ``about``: whom, in the sender's own words, since the recipient may know
    nobody by an id. ``categories``: what its wording reveals besides the worry itself."""

    recipient: AgencyCode
    about: Text
    worry: Text
    when: Text
    immediate_danger: YesNo
    family_told: YesNo
    not_told_because: Text | None = None
    categories: Categories = ()

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if self.family_told == (self.not_told_because is not None):
            raise WrongField(
                "not_told_because", "Say why the family was not told (not_told_because), and only then."
            )
        if Category.EQUALITY in self.categories:
            raise WrongField(
                "categories", "Leave out what says something of equality; it goes to nobody else."
            )
        return self


class NewConcern(ConcernForm):
    """A concern about somebody of a case; without ``subjects`` about its main person. ``entries``: those of
    one's own agency that go with it."""

    model_config = ConfigDict(json_schema_extra={"example": _CASE_EXAMPLE})

    subjects: Subjects = ()
    entries: Sent = ()


class NewConcernAboutPerson(ConcernForm):
    """A concern outside any case: about a person whose record one sees, or about somebody one describes.

    Who is described is recorded anew, with the ``details`` that are known: nobody is searched for, so that
    the sender learns nothing.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_CASE_EXAMPLE,
                "details": [
                    {"kind": "name", "fields": {"given_names": "Amara", "family_name": "Okonjo"}},
                    {"kind": "birth", "fields": {"date_of_birth": "2017-05-14"}},
                ],
            }
        }
    )

    person: Id | None = None
    details: Details = ()
    entries: Sent = ()

    @model_validator(mode="after")
    def _names_somebody_once(self) -> Self:
        if self.person is not None and self.details:
            raise WrongField("details", "Name the person by id or describe them, not both.")
        if self.person is None and self.entries:
            raise WrongField("person", "Name the person whom these entries are about.")
        return self


class SentEntry(Record):
    """An entry that went with a concern, as it was when it was sent."""

    entry: Id
    kind: Line
    recorded_at: Line
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    fields: dict[str, Any]


class ConcernFields(Record):
    """A concern as it is kept, owned by its sender; the recipient, to whom it belongs as an action does to
    who owes it, reads it as its own and says that it was received."""

    model_config = ConfigDict(json_schema_extra={"example": {**_CASE_EXAMPLE, "sent": []}})

    recipient: AgencyCode
    about: Text
    worry: Text
    when: Text
    immediate_danger: YesNo
    family_told: YesNo
    not_told_because: Text | None = None
    sent: tuple[SentEntry, ...] = ()
    acknowledged_at: Line | None = None
    acknowledged_by: Line | None = None


class ConcernToStore(Record):
    """What the gateway hands on: the form, and the labels and entries that it found."""

    form: ConcernForm
    subjects: Subjects
    sent: Annotated[tuple[SentEntry, ...], Field(max_length=50)]
    categories: Categories
    details: Details = ()
