"""What somebody may do to the money of a case, by what is kept here: the same facts as its refusals. Pure.

Whether their role and their place on the case let them is the decision's business; the gateway offers what
both let them do."""

from services.case.budget.balances import Allocation, Purchase
from services.case.budget.lifecycle import PURCHASE
from services.case.budget_streams.rules import Stream
from shared.identity import Caller
from shared.vocabulary import Role

Lead = tuple[str, str] | None
"""Who leads, by user and agency."""
SIGNING, SETTLING = ("signature", "refusal"), ("spending", "release")


def of_allocation(caller: Caller, allocation: Allocation, stream: Stream) -> list[str]:
    """``order`` from it, ``return`` what is free of it."""
    if allocation.free <= 0:
        return []
    facts = {"order": allocation.held_by, "return": stream.agency}
    return [what for what, agency in facts.items() if agency == caller.agency]


def of_purchase(
    caller: Caller, lead: Lead, allocation: Allocation, stream: Stream, purchase: Purchase
) -> list[str]:
    """What may follow in its lifecycle, as far as it is theirs to sign or to settle."""
    theirs = [
        *(SIGNING if pays(caller, stream) and purchase.ordered_by != caller.user else ()),
        *(SETTLING if settles(caller, lead, allocation, stream) else ()),
    ]
    return [what for what in theirs if PURCHASE.allows(purchase.state, what)]


def pays(caller: Caller, stream: Stream) -> bool:
    """Whether they manage the agency that gives the money."""
    return stream.agency == caller.agency and caller.role == Role.TEAM_MANAGER


def settles(caller: Caller, lead: Lead, allocation: Allocation, stream: Stream) -> bool:
    """The agency that holds the money says what became of a purchase; where nobody of it leads any more, a
    manager of the one that pays."""
    if allocation.held_by == caller.agency and (not pays(caller, stream) or leads(caller, lead)):
        return True
    return pays(caller, stream) and (lead is None or lead[1] != allocation.held_by)


def leads(caller: Caller, lead: Lead) -> bool:
    return lead == (caller.user, caller.agency)
