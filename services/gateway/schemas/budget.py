"""The shapes of answers about money. Pence, always."""

from typing import Literal

from services.gateway.schemas.views import EntryView, Footer, Paged, View


class StreamView(View):
    """A stream of money with its rules; how much there is, and what they may do to it, only for those who
    administer it."""

    id: str
    agency: str
    name: str
    state: str
    may_buy: list[str]
    most_per_purchase_pence: int | None
    second_signature_above_pence: int | None
    most_per_case_pence: int | None
    total_pence: int | None
    left_pence: int | None
    may: list[Literal["close"]]


class StreamsView(Paged):
    streams: list[StreamView]
    notice: str


class Balance(View):
    """Allocated is bound, spent or free."""

    allocated_pence: int
    committed_pence: int
    spent_pence: int
    free_pence: int


class Rules(View):
    """By which rules of its stream money is spent."""

    may_buy: list[str]
    most_per_purchase_pence: int | None
    second_signature_above_pence: int | None


class PurchaseView(View):
    """A purchase, the action that it is for, if the caller sees that, and what they would not be refused to
    do to it."""

    purchase: EntryView
    action: str | None
    may: list[Literal["signature", "refusal", "spending", "release"]]


class AllocationView(View):
    """Money for the case; its balance and the rules for it, for the agency that gave it and the one that
    holds it; and what the caller would not be refused to do to it."""

    allocation: EntryView
    balance: Balance | None
    rules: Rules | None
    may: list[Literal["order", "return"]]
    purchases: list[PurchaseView]


class BudgetView(Footer):
    """``others`` are purchases of allocations that are not shown."""

    allocations: list[AllocationView]
    others: list[PurchaseView]
