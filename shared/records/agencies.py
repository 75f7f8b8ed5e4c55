"""Agencies and the agreements between them."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Line, Moment, Record, Text
from shared.vocabulary import AgencyKind, Category, Purpose

LevelWord = Literal["none", "existence", "summary", "full"]


class NewAgency(Record):
    """An agency that joins the partnership. ``kind`` decides which rules it falls under."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "code": "riverside-school",
                "name": "Riverside School",
                "kind": "education",
                "telephone": "01632 960001",
            }
        }
    )

    code: AgencyCode
    name: Line
    kind: AgencyKind
    telephone: Line | None = None


class AgreementRow(Record):
    """What one category is shared at: ``base`` without anybody's yes, ``cap`` with the family's.

    A row names its lawful basis, its condition and the power it rests on, or it cannot be published
    (design 3.2, "Consent here means permission").
    """

    category: Category
    base: LevelWord
    mode: Literal["mandatory", "objectable", "permission"]
    cap: LevelWord
    basis: Line
    condition: Line
    power: Line

    @model_validator(mode="after")
    def _base_needs_no_permission(self) -> Self:
        if self.mode == "permission" and self.base != "none":
            raise WrongField(
                "base", "With mode permission the base is none: nothing is shared before the family's yes."
            )
        return self


class NewAgreement(Record):
    """An information-sharing agreement: rows from one owner agency to one recipient for one purpose."""

    owner: AgencyCode
    recipient: AgencyCode
    purpose: Purpose
    rows: Annotated[tuple[AgreementRow, ...], Field(min_length=1, max_length=len(Category))]
    valid_from: Moment
    valid_until: Moment
    title: Line
    text: Text | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.valid_until <= self.valid_from:
            raise WrongField("valid_until", "valid_until must come after valid_from.")
        if self.owner == self.recipient:
            raise WrongField("recipient", "An agency needs no agreement with itself.")
        if len({row.category for row in self.rows}) != len(self.rows):
            raise WrongField("rows", "Each category stands once in rows.")
        return self
