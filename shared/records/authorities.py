"""Authority to answer for somebody: powers of attorney, deputies, court orders, a local authority's say."""

from typing import Literal, Self

from pydantic import ConfigDict, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Id, Line, Moment, Record, Text
from shared.records.consents import Categories
from shared.vocabulary import AuthorityKind


class NewAuthority(Record):
    """Who may answer for whom, about what, by which document; or who may not, by a court's order.

    ``holder`` is a person of the case; ``holder_agency`` the local authority that has parental
    responsibility. ``verified_by``: who saw the document.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "power_of_attorney",
                "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
                "holder": "0b5f6c1e-3f58-4b0f-8d2c-64c1d0b7a922",
                "document": "Lasting power of attorney, property and affairs, 2019",
                "covers": ["money_work"],
                "verified_by": "Lena Fox, who saw the original",
            }
        }
    )

    kind: AuthorityKind
    effect: Literal["gives", "takes_away"] = "gives"
    subject: Id
    holder: Id | None = None
    holder_agency: AgencyCode | None = None
    document: Line
    covers: Categories
    verified_by: Line
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        by_agency = self.kind == AuthorityKind.LOCAL_AUTHORITY
        if (self.holder_agency is not None) != by_agency or (self.holder is not None) == by_agency:
            raise WrongField(
                "holder_agency" if by_agency else "holder",
                "A local authority is named as holder_agency, everybody else as holder.",
            )
        if self.effect == "takes_away" and self.kind != AuthorityKind.COURT_ORDER:
            raise WrongField("effect", "Only a court order takes somebody's say away.")
        if self.holder == self.subject:
            raise WrongField("holder", "Nobody needs an authority to answer for themselves.")
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise WrongField("valid_until", "valid_until must come after valid_from.")
        return self


class AuthorityEnding(Record):
    """Why an authority is over before its time: revoked, discharged, the document was wrong.

    ``reference``: the order or letter by which it ended and where that is kept; a court order that takes
    somebody's say away does not end without.
    """

    reason: Line
    reference: Line | None = None
