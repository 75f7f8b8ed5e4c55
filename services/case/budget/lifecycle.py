"""What can happen to a purchase, and by which rules of its stream it may be made at all."""

from services.case.budget_streams.rules import Stream
from services.case.lifecycles import Lifecycle
from shared.problems import Problem, conflict, forbidden, invalid
from shared.records.budget import NewPurchase

PURCHASE = Lifecycle(
    name="A purchase",
    initial="ordered",
    transitions={
        ("ordered", "commitment"): "committed",
        ("ordered", "reservation"): "awaiting_signature",
        ("awaiting_signature", "signature"): "committed",
        ("awaiting_signature", "refusal"): "refused",
        ("awaiting_signature", "release"): "released",
        ("committed", "spending"): "spent",
        ("committed", "release"): "released",
    },
    refusals={
        ("awaiting_signature", "spending"): "This waits for a second signature. Nothing is spent before it.",
        "committed": "This needs no signature any more.",
        "spent": "This was bought already.",
        "released": "This was given up, and its money is free again. Order it anew.",
        "refused": "This was not signed, and its money is free again.",
    },
)


def check_rules(stream: Stream, new: NewPurchase) -> None:
    """A 422 for what the stream may not buy."""
    if new.kind_of_purchase not in stream.may_buy:
        raise invalid("kind_of_purchase", "This stream does not pay for that. Choose another stream.")
    if stream.most_per_purchase is not None and new.amount_pence > stream.most_per_purchase:
        raise invalid("amount_pence", "This is more than one purchase from this stream may cost.")


def check_share(stream: Stream, has: int, pence: int) -> None:
    """A 409 for what would give one case more of a stream than it allows, all its allocations together."""
    if stream.most_per_case is not None and has + pence > stream.most_per_case:
        raise conflict(
            "This stream gives one case no more than that in all. Allocate less, or take back what is free."
        )


def needs_signature(stream: Stream, pence: int) -> bool:
    return stream.second_signature_above is not None and pence > stream.second_signature_above


def not_enough() -> Problem:
    return conflict("There is not that much left. Read the budget again, then ask for more or for less.")


def must_be_left_behind(held_by: str, led_by: str | None) -> None:
    """While somebody of the agency that holds the money leads, what was ordered is theirs to settle."""
    if led_by == held_by:
        raise forbidden("The lead professional ordered this and says what became of it; ask them.")


def must_be_another(ordered_by: str, user: str) -> None:
    if ordered_by == user:
        raise forbidden("Somebody else signs what you ordered: another manager of the agency that pays.")
