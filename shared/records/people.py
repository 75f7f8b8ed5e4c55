"""What is recorded about a person: each detail is an entry of the agency that contributed it."""

import re
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

import stdnum.exceptions
import stdnum.gb.nhs
import stdnum.gb.upn
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from shared.problems import WrongField
from shared.records.base import Day, Id, Line, Moment, Record, Text, Version, YesNo


def _nhs_number(value: str) -> str:
    """Ten digits without spaces whose check digit fits."""
    try:
        number: str = stdnum.gb.nhs.validate(value)
    except stdnum.exceptions.ValidationError:
        raise ValueError("This is not an NHS number: check its ten digits.") from None
    return _ascii(number)


def _upn(value: str) -> str:
    """A unique pupil number whose check letter fits, in capitals without spaces."""
    try:
        number: str = stdnum.gb.upn.validate(value)
    except stdnum.exceptions.ValidationError:
        raise ValueError("This is not a unique pupil number: check its letter and twelve digits.") from None
    return _ascii(number)


def _ascii(number: str) -> str:
    if not number.isascii():
        raise ValueError("Write this number in the digits 0 to 9.")
    return number


def _telephone(value: str) -> str:
    if not re.fullmatch(r"\+?[0-9(][0-9 ()./-]{2,38}( ?(ext|x)\.? ?[0-9]{1,6})?", value):
        raise ValueError("Write a telephone number: digits, spaces, and + or ext where needed.")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", value):
        raise ValueError("Write an e-mail address, such as name@example.org.")
    return value


Short = Annotated[str, StringConstraints(min_length=1, max_length=60)]
NhsNumber = Annotated[Short, AfterValidator(_nhs_number)]
Upn = Annotated[Short, AfterValidator(_upn)]
Telephone = Annotated[Short, AfterValidator(_telephone)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254), AfterValidator(_email)]
Sex = Literal["female", "male", "indeterminate", "not_known"]


class Detail(Record):
    """The content of a detail: at least one of its fields is filled in."""

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise ValueError(f"Fill in at least one of {', '.join(type(self).model_fields)}.")
        return self


class NameFields(Detail):
    """What somebody is called, in any script; nobody needs a surname."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"given_names": "Amara", "family_name": "Okonjo"}}
    )

    given_names: Line | None = None
    family_name: Line | None = None
    full_name_as_written: Line | None = None
    previous_or_other_names: Annotated[list[Line], Field(min_length=1, max_length=10)] | None = None


class BirthFields(Record):
    """When somebody was born or, before that, is expected."""

    model_config = ConfigDict(json_schema_extra={"example": {"date_of_birth": "2011-05-14", "sex": "male"}})

    date_of_birth: Day | None = None
    expected_date_of_delivery: Day | None = None
    sex: Sex | None = None

    @model_validator(mode="after")
    def _has_one_date(self) -> Self:
        if (self.date_of_birth is None) == (self.expected_date_of_delivery is None):
            raise WrongField(
                "date_of_birth",
                "Give either date_of_birth or, for an unborn child, expected_date_of_delivery.",
            )
        return self


class IdentifierFields(Detail):
    """The numbers by which the health service and schools know somebody."""

    model_config = ConfigDict(json_schema_extra={"example": {"nhs_number": "999 000 0018"}})

    nhs_number: NhsNumber | None = None
    upn: Upn | None = None


class ContactFields(Detail):
    """Where and how somebody is reached, and how it is safe to."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"telephone": "01632 960123", "safe_way_to_make_contact": "Ring in school hours only."}
        }
    )

    address: Text | None = None
    postcode: Short | None = None
    telephone: Telephone | None = None
    email: Email | None = None
    safe_way_to_make_contact: Text | None = None


class AccessNeedsFields(Detail):
    """What anyone at the door must know: language, interpreter, adjustments."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"first_language": "Yoruba", "special_requirements_arranged": True}}
    )

    first_language: Line | None = None
    parents_first_language: Line | None = None
    special_requirements: Text | None = None
    special_requirements_arranged: YesNo | None = None


class HealthNeedsFields(Detail):
    """Whether somebody is disabled, and how."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"disabled": True, "disability_details": "Wears hearing aids."}}
    )

    disabled: YesNo | None = None
    disability_details: Text | None = None


class EqualityFields(Detail):
    """Told to others only as aggregates."""

    model_config = ConfigDict(json_schema_extra={"example": {"ethnicity": "Black British"}})

    ethnicity: Line | None = None
    religion: Line | None = None
    immigration_status: Line | None = None


class Relation(StrEnum):
    """What the first person is to the second."""

    MOTHER = "mother"
    FATHER = "father"
    PARENT = "parent"
    STEP_PARENT = "step_parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    AUNT_OR_UNCLE = "aunt_or_uncle"
    CARER = "carer"
    FOSTER_CARER = "foster_carer"
    GUARDIAN = "guardian"
    PARTNER = "partner"
    OTHER = "other"


PARENTS = frozenset({Relation.MOTHER, Relation.FATHER, Relation.PARENT})


class ResponsibilitySource(StrEnum):
    """Where parental responsibility comes from."""

    BIRTH = "birth"
    MARRIAGE = "marriage"
    REGISTRATION = "registration"
    AGREEMENT = "agreement"
    COURT_ORDER = "court_order"
    ADOPTION = "adoption"
    SPECIAL_GUARDIANSHIP = "special_guardianship"
    GUARDIANSHIP = "guardianship"
    CARE_ORDER = "care_order"


class RelationshipFields(Record):
    """What one person is to another: ``from_person`` is the ``relation`` of ``to_person``.

    ``end`` is the first day on which it no longer holds.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "from_person": "3f8a4c1e-0d7b-4a56-9c21-5b7f0e6d2a11",
                "to_person": "b0c2f7de-91a4-4e0b-8f6d-2f1f3c9e7a45",
                "relation": "mother",
                "parental_responsibility": True,
                "parental_responsibility_source": "birth",
                "lives_with": True,
            }
        }
    )

    from_person: Id
    to_person: Id
    relation: Relation
    parental_responsibility: YesNo
    parental_responsibility_source: Annotated[ResponsibilitySource | None, Field(validate_default=True)] = (
        None
    )
    lives_with: YesNo
    start: Day | None = None
    end: Day | None = None

    @field_validator("to_person")
    @classmethod
    def _is_somebody_else(cls, value: str, info: ValidationInfo) -> str:
        if value == info.data.get("from_person"):
            raise ValueError("Name two different people.")
        return value

    @field_validator("parental_responsibility_source")
    @classmethod
    def _source_fits(
        cls, value: ResponsibilitySource | None, info: ValidationInfo
    ) -> ResponsibilitySource | None:
        responsible = info.data.get("parental_responsibility")
        if responsible is True and value is None:
            raise ValueError("Say where the parental responsibility comes from.")
        if responsible is False and value is not None:
            raise ValueError("Leave this out where there is no parental responsibility.")
        return value

    @field_validator("end")
    @classmethod
    def _ends_after_start(cls, value: Any, info: ValidationInfo) -> Any:
        start = info.data.get("start")
        if value is not None and start is not None and value < start:
            raise ValueError("The end lies before the start; correct one of them.")
        return value


DetailKind = Literal["name", "birth", "identifiers", "contact", "access_needs", "health_needs", "equality"]
AnyDetail = (
    NameFields
    | BirthFields
    | IdentifierFields
    | ContactFields
    | AccessNeedsFields
    | HealthNeedsFields
    | EqualityFields
)
DETAIL_FIELDS: dict[str, type[AnyDetail]] = {
    "name": NameFields,
    "birth": BirthFields,
    "identifiers": IdentifierFields,
    "contact": ContactFields,
    "access_needs": AccessNeedsFields,
    "health_needs": HealthNeedsFields,
    "equality": EqualityFields,
}


class NewDetail(Record):
    """One detail about a person; ``fields`` are those of its ``kind``."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "birth", "fields": {"date_of_birth": "2011-05-14"}}}
    )

    kind: DetailKind
    # Dumped as what it is: the union's own serialiser would quote the content in a warning.
    fields: SerializeAsAny[AnyDetail]

    @field_validator("fields", mode="plain", json_schema_input_type=AnyDetail)
    @classmethod
    def _fields_of_the_kind(cls, value: Any, info: ValidationInfo) -> Any:
        # By hand and not as a discriminated union: its error paths name the kind, which nobody sent there.
        kind = info.data.get("kind")
        return None if kind is None else DETAIL_FIELDS[kind].model_validate(value)


# Lists, not tuples: where an item is wrong, a tuple complains that it has too few as well.
Details = Annotated[list[NewDetail], Field(min_length=1, max_length=30)]


def can_be_told_apart(details: Details) -> Details:
    """The details of somebody new; a mistake where nobody could be told apart by them."""
    if not {"name", "birth"} & {detail.kind for detail in details}:
        raise ValueError("Give at least a name or a date of birth or of expected delivery.")
    return details


class NewPerson(Record):
    """A person, with at least a name or a date of birth (or of expected delivery)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "details": [
                    {"kind": "name", "fields": {"given_names": "Amara", "family_name": "Okonjo"}},
                    {"kind": "birth", "fields": {"date_of_birth": "2011-05-14"}},
                ]
            }
        }
    )

    details: Details

    @field_validator("details")
    @classmethod
    def _can_be_told_apart(cls, value: Details) -> Details:
        return can_be_told_apart(value)


class NewDetails(Record):
    """More about a person who is recorded already."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"details": [{"kind": "contact", "fields": {"telephone": "01632 960123"}}]}
        }
    )

    details: Details


class DetailFields(Record):
    """A detail as it ought to have been: all its fields anew. The version that it replaces is kept."""

    model_config = ConfigDict(json_schema_extra={"example": {"fields": {"telephone": "01632 960124"}}})

    fields: dict[str, Any]


class DetailCorrection(DetailFields):
    """A correction with the version that its author saw (from ``If-Match``)."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"expected_version": 1, "fields": {"telephone": "01632 960124"}}}
    )

    expected_version: Version


class SubjectsAsOf(Record):
    """People, and a moment of which it is asked who decided for them then."""

    people: list[Id]
    at: Moment


class PersonSearch(Record):
    """At least two identifying details; a person is found when each of them fits exactly."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Amara Okonjo", "date_of_birth": "2011-05-14"}}
    )

    name: Line | None = None
    date_of_birth: Day | None = None
    nhs_number: NhsNumber | None = None
    upn: Upn | None = None

    @model_validator(mode="after")
    def _has_two_details(self) -> Self:
        if len(self.model_dump(exclude_none=True)) < 2:
            raise ValueError("Give at least two of name, date_of_birth, nhs_number and upn.")
        return self


class PeopleSearch(Record):
    """At least two identifying details; a person is found when each of them fits exactly.

    A child who is not born yet, and may have no name, is found by the day on which they are expected and the
    name of a parent (``parent_name``: whoever is recorded as their mother, father or parent, or with parental
    responsibility).
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Amara Okonjo", "date_of_birth": "2011-05-14"}}
    )

    name: Line | None = None
    date_of_birth: Day | None = None
    expected_date_of_delivery: Day | None = None
    parent_name: Line | None = None
    nhs_number: NhsNumber | None = None
    upn: Upn | None = None

    @field_validator("expected_date_of_delivery")
    @classmethod
    def _is_the_only_day(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None and info.data.get("date_of_birth") is not None:
            raise ValueError("Give the day of birth or the expected one, not both.")
        return value

    @field_validator("parent_name")
    @classmethod
    def _is_for_the_unborn(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None and info.data.get("expected_date_of_delivery") is None:
            raise ValueError("Give this together with expected_date_of_delivery.")
        return value

    @model_validator(mode="after")
    def _has_two_details(self) -> Self:
        if len(self.model_dump(exclude_none=True)) < 2:
            raise ValueError(
                "Give at least two of name, date_of_birth, nhs_number and upn; of a child who is not born "
                "yet expected_date_of_delivery and parent_name."
            )
        return self
