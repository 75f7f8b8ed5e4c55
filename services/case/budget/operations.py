"""Giving a case money, binding it to purchases, signing, spending, and giving back what is left."""

from typing import Any

from services.case.budget import lifecycle, offers, repository
from services.case.budget.balances import Allocation, Purchase
from services.case.budget_streams import repository as streams
from services.case.budget_streams.lifecycle import STREAM
from services.case.budget_streams.rules import Stream
from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock, lock_open_case
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.lead_professional import repository as leads
from services.case.notices.audience import for_role, for_user
from services.case.notices.repository import NewNotice, clear, raise_notices
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.budget import (
    AllocationToStore,
    BudgetAllocationFields,
    MoneyReason,
    MoneyReturn,
    NewPurchase,
    PurchaseFields,
    PurchaseStatus,
    Spending,
)
from shared.vocabulary import Role

_TO_SIGN = "purchase_to_sign"
_ANSWERED = "purchase_answered"
_STREAM_UNKNOWN = "Name an open stream of your own agency."


def allocate(session: WriteSession, request: WriteRequest, case: str, body: AllocationToStore) -> Outcome:
    """Give a case money of a stream of the acting agency, for its lead professional to spend.

    The lock of the case holds while what it has of the stream is added up, so that two at once cannot
    together give it more than the stream allows (decision 29)."""
    locked = lock_open_case(session, case)
    stream = streams.find(session, body.stream)
    if stream is None or stream.agency != request.caller.agency:
        raise invalid("stream", _STREAM_UNKNOWN)
    if not STREAM.allows(stream.state, "closing"):
        raise conflict(STREAM.refusals[stream.state])
    lifecycle.check_share(stream, repository.has_of(session, case, stream.id), body.amount_pence)
    if not streams.allocate(session, stream.id, body.amount_pence):
        raise lifecycle.not_enough()
    fields = BudgetAllocationFields(
        stream=stream.id,
        stream_name=stream.name,
        held_by=body.held_by,
        amount_pence=body.amount_pence,
        purpose=body.purpose,
    )
    reach = subjects_in_reach(session, case)
    entry = entries.NewEntry(
        kind="budget_allocation",
        case=case,
        subjects=entries.subjects_for_case(body.subjects, reach, locked.person),
        fields=stored(fields),
        accountable=body.held_by,
    )
    entry_id = entries.add_entry(session, request, entry)
    repository.add_allocation(session, case, entry_id, stream.id, body.held_by, body.amount_pence)
    return {"id": entry_id, "version": 1}


def give_back(
    session: WriteSession, request: WriteRequest, case: str, allocation: str, body: MoneyReturn
) -> Outcome:
    """Take what is free of an allocation back into its stream; the agency that gave it does."""
    lock(session, case)
    found, stream = _allocation(session, case, allocation)
    if stream.agency != request.caller.agency:
        raise forbidden("Only the agency that gave this money takes it back; ask them to.")
    if not repository.give_back(session, found.id, body.amount_pence):
        raise lifecycle.not_enough()
    streams.put_back(session, stream.id, body.amount_pence)
    return {"id": allocation, "version": 1}


def _allocation(session: ReadSession, case: str, id: str) -> tuple[Allocation, Stream]:
    found = repository.find_allocation(session, case, id)
    stream = streams.find(session, found.stream) if found is not None else None
    if found is None or stream is None:
        raise not_found()
    return found, stream


def order(session: WriteSession, request: WriteRequest, case: str, body: NewPurchase) -> Outcome:
    """Bind money to something that is to be bought. Above the limit of its stream it waits for a manager of
    the agency that pays; the money is bound from now on all the same."""
    locked = lock_open_case(session, case)
    if repository.find_allocation(session, case, body.allocation) is None:
        raise invalid("allocation", "Name an allocation of this case that you can see.")
    allocation, stream = _allocation(session, case, body.allocation)
    _check_holder(request, allocation)
    lifecycle.check_rules(stream, body)
    if body.action is not None and not entries.find_in_case(session, case, "action", body.action):
        raise invalid("action", "Name an action of this case that you can see.")
    if not repository.commit(session, allocation.id, body.amount_pence):
        raise lifecycle.not_enough()
    event = "reservation" if lifecycle.needs_signature(stream, body.amount_pence) else "commitment"
    state = lifecycle.PURCHASE.after(PurchaseStatus.ORDERED, event)
    kept = body.model_dump(exclude={"subjects", "action"})
    reach = subjects_in_reach(session, case)
    entry = entries.NewEntry(
        kind="purchase",
        case=case,
        subjects=entries.subjects_for_case(body.subjects, reach, locked.person),
        fields=stored(PurchaseFields(**kept, status=PurchaseStatus(state))),
        accountable=stream.agency,
    )
    entry_id = entries.add_entry(session, request, entry)
    repository.add_purchase(
        session, case, entry_id, allocation.id, body.action, state, body.amount_pence, request.caller.user
    )
    if event == "reservation":
        waiting = NewNotice(case, _TO_SIGN, entry_id, for_role(stream.agency, Role.TEAM_MANAGER))
        raise_notices(session, [waiting], request.at)
    return {"id": entry_id, "version": 1, "status": state}


def _check_holder(request: WriteRequest, allocation: Allocation) -> None:
    if allocation.held_by != request.caller.agency:
        raise forbidden("Another agency holds this money. Ask the agency that gave it to allocate it anew.")


def sign(session: WriteSession, request: WriteRequest, case: str, purchase: str) -> Outcome:
    """The second signature, by a manager of the agency that pays, who is not the one who ordered it."""
    found = _to_answer(session, request, case, purchase)
    state = lifecycle.PURCHASE.after(found.state, "signature")
    repository.move_purchase(session, purchase, state, signed_by_user=request.caller.user)
    name = request.caller.name[: entries.LONGEST_NAME]
    return _answered(session, request, case, found, {"status": state, "signed_by": name})


def refuse(
    session: WriteSession, request: WriteRequest, case: str, purchase: str, body: MoneyReason
) -> Outcome:
    """The same manager says no; what was bound is free again."""
    found = _to_answer(session, request, case, purchase)
    state = lifecycle.PURCHASE.after(found.state, "refusal")
    repository.move_purchase(session, purchase, state)
    repository.unbind(session, found.allocation, found.amount)
    said = {"status": state, "refused_because": body.reason}
    return _answered(session, request, case, found, said)


def _to_answer(session: WriteSession, request: WriteRequest, case: str, purchase: str) -> Purchase:
    lock(session, case)
    found = _purchase(session, case, purchase)
    _, stream = _allocation(session, case, found.allocation)
    if stream.agency != request.caller.agency or request.caller.role != Role.TEAM_MANAGER:
        raise forbidden("Only a manager of the agency that pays can sign this; ask them to.")
    lifecycle.must_be_another(found.ordered_by, request.caller.user)
    return found


def _purchase(session: WriteSession, case: str, purchase: str) -> Purchase:
    found = repository.lock_purchase(session, case, purchase)
    if found is None:
        raise not_found()
    return found


def _answered(
    session: WriteSession, request: WriteRequest, case: str, found: Purchase, said: dict[str, Any]
) -> Outcome:
    version = entries.add_to_fields(session, found.id, said)
    allocation, _ = _allocation(session, case, found.allocation)
    clear(session, found.id, request.at, [_TO_SIGN])
    told = NewNotice(case, _ANSWERED, found.id, for_user(allocation.held_by, found.ordered_by))
    raise_notices(session, [told], request.at)
    return {"id": found.id, "version": version, "status": said["status"]}


def spend(session: WriteSession, request: WriteRequest, case: str, purchase: str, body: Spending) -> Outcome:
    """Say what it cost; what is left of what was bound is free again. In a closed case too."""
    found = _own_purchase(session, request, case, purchase)
    if body.spent_pence > found.amount:
        raise invalid("spent_pence", "This is more than was bound for it. Order the rest as well.")
    state = lifecycle.PURCHASE.after(found.state, "spending")
    repository.move_purchase(session, purchase, state, spent_pence=body.spent_pence)
    repository.unbind(session, found.allocation, found.amount, body.spent_pence)
    return _moved(session, request, found, {"status": state, **stored(body)})


def release(
    session: WriteSession, request: WriteRequest, case: str, purchase: str, body: MoneyReason
) -> Outcome:
    """Buy it after all not; what was bound is free again."""
    found = _own_purchase(session, request, case, purchase)
    state = lifecycle.PURCHASE.after(found.state, "release")
    repository.move_purchase(session, purchase, state)
    repository.unbind(session, found.allocation, found.amount)
    return _moved(session, request, found, {"status": state, "released_because": body.reason})


def _own_purchase(session: WriteSession, request: WriteRequest, case: str, purchase: str) -> Purchase:
    """A purchase of the agency that holds its money; or, where nobody of that agency leads the case any more,
    of the one that pays, whose manager settles what was left behind."""
    lock(session, case)
    found = _purchase(session, case, purchase)
    allocation, stream = _allocation(session, case, found.allocation)
    caller, lead = request.caller, _lead_of(session, case)
    leads_it = allocation.held_by == caller.agency and offers.leads(caller, lead)
    if offers.pays(caller, stream) and not leads_it:
        lifecycle.must_be_left_behind(allocation.held_by, None if lead is None else lead[1])
    else:
        _check_holder(request, allocation)
    return found


def _lead_of(session: ReadSession, case: str) -> offers.Lead:
    lead = leads.who_leads(session, case)
    return None if lead is None else (lead.user, lead.agency)


def _moved(session: WriteSession, request: WriteRequest, found: Purchase, said: dict[str, Any]) -> Outcome:
    version = entries.add_to_fields(session, found.id, said)
    clear(session, found.id, request.at, [_TO_SIGN])
    return {"id": found.id, "version": version, "status": said["status"]}


def money(session: ReadSession, caller: Caller, case: str) -> dict[str, Any]:
    """The balances of a case, the rules of their streams, what its purchases are for and what the caller may
    do to each by what is kept here, raw. Nothing for a case that is not there."""
    allocations = {one.id: one for one in repository.allocations_of(session, case)}
    purchases = repository.purchases_of(session, case)
    known = {one.id: one for one in streams.all_streams(session)}
    of = {one.id: known[one.stream] for one in allocations.values()}
    lead = _lead_of(session, case)
    return {
        "allocations": {one.id: _balance(one) for one in allocations.values()},
        "rules": {allocation: _rules(stream) for allocation, stream in of.items()},
        "actions": {one.id: one.action for one in purchases},
        "may": {
            **{one.id: offers.of_allocation(caller, one, of[one.id]) for one in allocations.values()},
            **{
                one.id: offers.of_purchase(caller, lead, allocations[one.allocation], of[one.allocation], one)
                for one in purchases
            },
        },
    }


def _balance(one: Allocation) -> dict[str, int]:
    return {
        "allocated_pence": one.allocated,
        "committed_pence": one.committed,
        "spent_pence": one.spent,
        "free_pence": one.free,
    }


def _rules(stream: Stream) -> dict[str, Any]:
    return {
        "may_buy": stream.may_buy,
        "most_per_purchase_pence": stream.most_per_purchase,
        "second_signature_above_pence": stream.second_signature_above,
    }
