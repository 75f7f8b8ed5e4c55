"""The budget of a lead professional who holds one: where the money comes from, and what it buys for whom."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from shared.problems import WrongField
from shared.records.base import AgencyCode, Id, Line, Record, Text, YesNo
from shared.records.plan import Subjects

_STREAM = "0f6d2b1c-8a35-4f57-9c0e-3d1f6b7a2e90"
_ALLOCATION = "7a1c9e34-52b8-4d6f-8e0a-9b3c5d7f1a26"
_BED: JsonDict = {
    "allocation": _ALLOCATION,
    "kind_of_purchase": "household",
    "what": "A bunk bed",
    "amount_pence": 18000,
    "wish": "A bed of my own",
    "departs_from_wish": False,
}

Pence = Annotated[int, Field(ge=1, le=1_000_000_000_00, strict=True)]
"""Money is whole pence, always."""


class PurchaseKind(StrEnum):
    """What a stream may be for."""

    HOUSEHOLD = "household"
    CLOTHING = "clothing"
    FOOD = "food"
    TRAVEL = "travel"
    ACTIVITY = "activity"
    LEARNING = "learning"
    CHILDCARE = "childcare"
    EQUIPMENT = "equipment"
    OTHER = "other"


class PurchaseStatus(StrEnum):
    ORDERED = "ordered"
    AWAITING_SIGNATURE = "awaiting_signature"
    COMMITTED = "committed"
    SPENT = "spent"
    RELEASED = "released"
    REFUSED = "refused"


class NewStream(Record):
    """Money that the acting agency gives, and its rules: what it may buy, how much at once, from what sum on
    a manager signs too, and how much one case is given in all."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Family support fund",
                "total_pence": 500000,
                "may_buy": ["household", "clothing"],
                "most_per_purchase_pence": 30000,
                "second_signature_above_pence": 10000,
                "most_per_case_pence": 100000,
            }
        }
    )

    name: Line
    total_pence: Pence
    may_buy: Annotated[tuple[PurchaseKind, ...], Field(min_length=1, max_length=len(PurchaseKind))]
    most_per_purchase_pence: Pence | None = None
    second_signature_above_pence: Pence | None = None
    most_per_case_pence: Pence | None = None


class BudgetAllocationFields(Record):
    """Money for one case, and for what. ``held_by``: the agency whose lead professional spends it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "stream": _STREAM,
                "stream_name": "Family support fund",
                "held_by": "youth-offending",
                "amount_pence": 40000,
                "purpose": "A bedroom to sleep in",
            }
        }
    )

    stream: Id
    stream_name: Line
    held_by: AgencyCode
    amount_pence: Pence
    purpose: Text


class NewAllocation(Record):
    """Money of a stream for a case: held by the agency of its lead professional."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"stream": _STREAM, "amount_pence": 40000, "purpose": "A bedroom to sleep in"}
        }
    )

    stream: Id
    amount_pence: Pence
    purpose: Text
    subjects: Subjects = ()


class AllocationToStore(NewAllocation):
    """The same with the agency that holds it."""

    held_by: AgencyCode


class Wish(Record):
    """What the person wishes, and why it is departed from where it is."""

    wish: Text
    departs_from_wish: YesNo
    departed_because: Text | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.departs_from_wish != (self.departed_because is not None):
            raise WrongField(
                "departed_because", "Say in departed_because why the wish is departed from, and only then."
            )
        return self


class _Purchase(Wish):
    allocation: Id
    kind_of_purchase: PurchaseKind
    what: Text
    amount_pence: Pence


class PurchaseFields(_Purchase):
    """A purchase as it is kept. ``signed_by``: who signed it besides the one who ordered it."""

    model_config = ConfigDict(json_schema_extra={"example": {**_BED, "status": "committed"}})

    status: PurchaseStatus
    spent_pence: Pence | None = None
    signed_by: Line | None = None
    refused_because: Text | None = None
    released_because: Text | None = None


class NewPurchase(_Purchase):
    """Something to be bought for somebody of the case, with what they wish; ``action``: for which action."""

    model_config = ConfigDict(json_schema_extra={"example": _BED})

    action: Id | None = None
    subjects: Subjects = ()


class Spending(Record):
    """What it cost in the end; the rest is free again."""

    model_config = ConfigDict(json_schema_extra={"example": {"spent_pence": 17500}})

    spent_pence: Pence


class MoneyReason(Record):
    """Why something is not bought."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "A neighbour gave them a bed."}})

    reason: Text


class MoneyReturn(Record):
    """How much of an allocation goes back to its stream."""

    model_config = ConfigDict(json_schema_extra={"example": {"amount_pence": 5000}})

    amount_pence: Pence
