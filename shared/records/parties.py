"""Who promises something, and who says what became of it: an agency, or somebody of the family."""

from typing import Self

from pydantic import ConfigDict, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Id, Record


class Party(Record):
    """One side of a promise: an agency, or somebody of the family."""

    model_config = ConfigDict(json_schema_extra={"example": {"agency": "northgate-school"}})

    agency: AgencyCode | None = None
    person: Id | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.agency is None) == (self.person is None):
            raise WrongField("agency", "Name an agency or a person, one of both.")
        return self
