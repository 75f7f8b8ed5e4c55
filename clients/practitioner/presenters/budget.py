"""The money of a case and where it comes from, as their readers see them: whole pence, always. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.words import in_words, listed, pounds
from shared.records.budget import PurchaseKind
from shared.vocabulary import Deed

Json = Mapping[str, Any]
HIDDEN = "Details not shown"
KINDS: Mapping[str, str] = {
    PurchaseKind.HOUSEHOLD: "Things for the home",
    PurchaseKind.CLOTHING: "Clothes",
    PurchaseKind.FOOD: "Food",
    PurchaseKind.TRAVEL: "Travel",
    PurchaseKind.ACTIVITY: "Activities",
    PurchaseKind.LEARNING: "Learning",
    PurchaseKind.CHILDCARE: "Childcare",
    PurchaseKind.EQUIPMENT: "Equipment",
    PurchaseKind.OTHER: "Something else",
}
"""What money may be for."""
_STANDS: Mapping[str, tuple[str, str]] = {
    "awaiting_signature": ("Waits for a signature", "yellow"),
    "committed": ("To be bought", "blue"),
    "spent": ("Bought", "green"),
    "released": ("Not bought", "grey"),
    "refused": ("Not signed", "red"),
}


@dataclass(frozen=True, slots=True)
class Balance:
    """What was given is bound, spent or left."""

    given: int
    bound: int
    spent: int
    left: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """Something that was or is to be bought. ``pence`` is what is bound for it, ``spent`` what it cost;
    ``departed``: why it is not what the person wishes, where it is not. ``may``: what the reader would not be
    refused to do."""

    id: str
    what: str
    kind: str
    stands: str
    colour: str
    pence: int | None
    spent: int | None
    wish: str | None
    departed: str | None
    action: str | None
    signed_by: str | None
    why_not: str | None
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Money for the case. ``rules``: how it may be spent, in sentences; ``kinds``: what it may buy."""

    id: str
    name: str
    given_by: str
    held_by: str
    purpose: str | None
    balance: Balance | None
    rules: Sequence[str]
    kinds: Sequence[tuple[str, str]]
    purchases: Sequence[Purchase]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """``total``: of several that the reader sees; ``others``: purchases of money that is not shown."""

    allocations: Sequence[Allocation]
    total: Balance | None
    others: Sequence[Purchase]
    may_give: bool
    actions: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]

    def allocation(self, id: str) -> Allocation | None:
        return next((one for one in self.allocations if one.id == id), None)

    def purchase(self, id: str) -> Purchase | None:
        bought = [each for one in self.allocations for each in one.purchases]
        return next((one for one in (*bought, *self.others) if one.id == id), None)


def budget_page_of(view: Json, answer: Json, names: Mapping[str, str]) -> BudgetPage:
    """The page from ``GET /v1/cases/{case}`` and ``GET …/budget``."""
    actions = {one["id"]: _action(one) for one in view["areas"]["plan"] if one["kind"] == "action"}
    allocations = [_allocation(one, actions, names) for one in answer["allocations"]]
    balances = [one.balance for one in allocations if one.balance is not None]
    return BudgetPage(
        allocations=allocations,
        total=_sum(balances) if len(balances) > 1 else None,
        others=[_purchase(one, actions) for one in answer["others"]],
        may_give=may_give(view),
        actions=list(actions.items()),
        people=list(people_of(view).items()),
    )


def may_give(view: Json) -> bool:
    """Money is given to an open case that somebody leads, who holds it."""
    header = view["header"]
    led = header["state"] == "open" and header["lead_professional"] is not None
    return led and Deed.ALLOCATE_BUDGET in view["may"]


def _action(entry: Json) -> str:
    fields = entry["fields"]
    return fields.get("action") or fields.get("desired_outcome") or HIDDEN


def _sum(balances: Sequence[Balance]) -> Balance:
    return Balance(
        given=sum(one.given for one in balances),
        bound=sum(one.bound for one in balances),
        spent=sum(one.spent for one in balances),
        left=sum(one.left for one in balances),
    )


def _allocation(one: Json, actions: Mapping[str, str], names: Mapping[str, str]) -> Allocation:
    entry, rules = one["allocation"], one["rules"]
    fields = entry["fields"]
    held_by = fields.get("held_by")
    return Allocation(
        id=entry["id"],
        name=fields.get("stream_name") or HIDDEN,
        given_by=names.get(entry["owner"]) or in_words(entry["owner"]),
        held_by=(names.get(held_by) or in_words(held_by)) if held_by else "a service that is not shown",
        purpose=fields.get("purpose"),
        balance=None if one["balance"] is None else _balance(one["balance"]),
        rules=[] if rules is None else rules_in_words(rules),
        kinds=[] if rules is None else [(kind, kind_in_words(kind)) for kind in rules["may_buy"]],
        purchases=[_purchase(each, actions) for each in one["purchases"]],
        may=frozenset(one["may"]),
    )


def _balance(balance: Json) -> Balance:
    return Balance(
        given=balance["allocated_pence"],
        bound=balance["committed_pence"],
        spent=balance["spent_pence"],
        left=balance["free_pence"],
    )


def _purchase(one: Json, actions: Mapping[str, str]) -> Purchase:
    fields = one["purchase"]["fields"]
    status = fields.get("status") or "committed"
    words, colour = _STANDS.get(status, (in_words(status), "grey"))
    return Purchase(
        id=one["purchase"]["id"],
        what=fields.get("what") or HIDDEN,
        kind=kind_in_words(fields["kind_of_purchase"]) if "kind_of_purchase" in fields else "",
        stands=words,
        colour=colour,
        pence=fields.get("amount_pence"),
        spent=fields.get("spent_pence"),
        wish=fields.get("wish"),
        departed=fields.get("departed_because"),
        action=actions.get(one["action"] or ""),
        signed_by=fields.get("signed_by"),
        why_not=fields.get("refused_because") or fields.get("released_because"),
        may=frozenset(one["may"]),
    )


def kind_in_words(kind: str) -> str:
    return KINDS.get(kind) or in_words(kind)


def rules_in_words(rules: Json) -> list[str]:
    """The rules of a stream, each a sentence."""
    kinds = listed([kind_in_words(kind).lower() for kind in rules["may_buy"]])
    limits = (
        ("most_per_purchase_pence", "One thing costs at most {}."),
        ("second_signature_above_pence", "Above {} a manager signs too."),
        ("most_per_case_pence", "One case is given at most {} in all."),
    )
    told = [words.format(pounds(rules[name])) for name, words in limits if rules.get(name) is not None]
    return [f"It is for {kinds}.", *told]


@dataclass(frozen=True, slots=True)
class Stream:
    """Where money comes from. ``total`` and ``left``: for those who see to it."""

    id: str
    service: str
    name: str
    is_open: bool
    rules: Sequence[str]
    total: int | None
    left: int | None
    may_close: bool


def streams_of(answer: Json, names: Mapping[str, str]) -> list[Stream]:
    """The streams of ``GET /v1/budget-streams``, those that give first."""
    found = [
        Stream(
            id=one["id"],
            service=names.get(one["agency"]) or in_words(one["agency"]),
            name=one["name"],
            is_open=one["state"] == "open",
            rules=rules_in_words(one),
            total=one["total_pence"],
            left=one["left_pence"],
            may_close="close" in one["may"],
        )
        for one in answer["streams"]
    ]
    return sorted(found, key=lambda one: not one.is_open)


def to_give_from(streams: Sequence[Stream]) -> list[tuple[str, str]]:
    """The open streams of one's own service as choices, each with what is left of it."""
    return [
        (one.id, f"{one.name} ({pounds(one.left)} left)")
        for one in streams
        if one.is_open and one.left is not None
    ]
