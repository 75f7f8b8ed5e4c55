"""What happens to holds on receipts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from services.consent.alerts.alert import NewAlert
from services.consent.alerts.repository import add_alerts
from services.consent.bars.repository import barred_from
from services.consent.holds import repository
from services.consent.holds.lifecycle import (
    State,
    cannot_confirm,
    cannot_propose,
    cannot_review,
    lapses_at,
    unfit_review_day,
)
from services.consent.ledger.repository import people_on
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import Wire
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.pages import AfterDay, PageSize
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.ledger import HoldEnding, HoldReview, NewHold
from shared.vocabulary import Role

HOLD_TO_CONFIRM = "hold_to_confirm"
_READ_AHEAD = 200
Held = Any
"""A row of the table of holds, locked."""


class HoldsAsk(Wire):
    """Which of the agency's holds: ``overdue`` those alone whose day of review has passed, ``waiting`` those
    alone that wait for a second person."""

    overdue: bool
    waiting: bool = False
    after: AfterDay | None
    limit: PageSize


def propose(session: WriteSession, request: WriteRequest, receipt: str, new: NewHold) -> Outcome:
    """Hold a receipt of one's own agency back; for some days by itself, and then if it was confirmed.

    Where nobody confirmed it before, somebody else proposes it (403). Who may confirm it is told at once.
    """
    left = repository.receipt_of_agency(session, receipt, request.caller.agency)
    if left is None or not _told(session, request.caller, [receipt]):
        raise not_found()
    _check_review_day(new.review_on, request)
    if repository.hold_in_force(session, receipt, request.at):
        raise conflict("This receipt is held back already. Read the list of what is held back.")
    _refuse(_why_not_proposed(session, request.caller, receipt, left))
    hold = new_id()
    repository.add_hold(
        session,
        id=hold,
        receipt=receipt,
        agency=request.caller.agency,
        reason=new.reason,
        review_on=new.review_on,
        proposed_at=request.at,
        proposed_by=request.caller.user,
        proposed_by_name=request.caller.name,
        confirmed_at=None,
        confirmed_by=None,
        confirmed_by_name=None,
        reviews=[],
        ended_at=None,
        ended_by=None,
        ending_reason=None,
    )
    add_alerts(session, _to_confirm(session, request, receipt, hold, left.user))
    return {"id": hold}


def _why_not_proposed(session: ReadSession, caller: Caller, receipt: str, left: Any) -> str | None:
    told_of = {left.user, left.on_behalf_of}
    if caller.person in people_on(session, [receipt])[receipt]:
        told_of.add(caller.user)
    return cannot_propose(caller.user, repository.proposed_in_vain(session, receipt), told_of)


def _to_confirm(
    session: ReadSession, request: WriteRequest, receipt: str, hold: str, left_by: str
) -> Iterator[NewAlert]:
    """It is told of no case: a safeguarding lead is not told of which one a receipt speaks."""
    for role in (Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD):
        yield NewAlert(
            case=hold,
            about=hold,
            kind=HOLD_TO_CONFIRM,
            agency=request.caller.agency,
            role=role.value,
            shows_from=request.at,
            subjects=sorted(people_on(session, [receipt])[receipt]),
            not_for=[request.caller.user, left_by],
        )


def may_propose(session: ReadSession, caller: Caller, at: datetime, receipt: str) -> bool:
    """Whether the caller, who may hold receipts back, would not be refused to hold this one back now."""
    left = repository.left_by(session, receipt, caller.agency)
    if left is None or not _told(session, caller, [receipt]):
        return False
    if repository.hold_in_force(session, receipt, at):
        return False
    return _why_not_proposed(session, caller, receipt, left) is None


def confirm(session: WriteSession, request: WriteRequest, receipt: str, hold: str) -> Outcome:
    """The second person's yes."""
    held, state = _in_force(session, request, receipt, hold)
    if held.confirmed_at is not None:
        raise conflict("This was confirmed already.")
    _refuse(cannot_confirm(state, request.caller.user))
    held.confirmed_at = request.at
    held.confirmed_by = request.caller.user
    held.confirmed_by_name = request.caller.name
    return {"id": held.id}


def review(
    session: WriteSession, request: WriteRequest, receipt: str, hold: str, body: HoldReview
) -> Outcome:
    """Somebody looked at it again, and it goes on until another day."""
    held, state = _in_force(session, request, receipt, hold)
    if held.confirmed_at is None:
        raise conflict("A second person has to confirm this first.")
    _refuse(cannot_review(state, request.caller.user))
    _check_review_day(body.review_on, request)
    before = {
        "review_on": held.review_on.isoformat(),
        "reviewed_at": rfc3339(request.at),
        "reviewed_by": request.caller.user,
        "reason": body.reason,
    }
    held.reviews = [*held.reviews, before]
    held.review_on = body.review_on
    return {"id": held.id}


def end(session: WriteSession, request: WriteRequest, receipt: str, hold: str, body: HoldEnding) -> Outcome:
    """From now on the receipt is among the others, at the place where it belongs."""
    held, _ = _in_force(session, request, receipt, hold)
    held.ended_at = request.at
    held.ended_by = request.caller.user
    held.ending_reason = body.reason
    return {"id": held.id}


def list_holds(session: ReadSession, caller: Caller, at: Any, ask: HoldsAsk) -> dict[str, Any]:
    """The holds in force of the caller's agency, with who has to look at which of them again, and when."""
    today, after = at.date(), ask.after
    rows: list[Any] = []
    while len(rows) <= ask.limit:
        read = repository.holds_of_agency(
            session, caller.agency, at, today if ask.overdue else None, after, _READ_AHEAD,
            waiting=ask.waiting,
        )  # fmt: skip
        told = _told(session, caller, [row.receipt for row in read])
        rows += [row for row in read if row.receipt in told]
        if len(read) < _READ_AHEAD:
            break
        after = (read[-1].review_on, read[-1].id)
    shown = [
        {
            "id": row.id,
            "receipt": row.receipt,
            "reason": row.reason,
            "review_on": row.review_on.isoformat(),
            "overdue": row.review_on < today,
            "proposed_at": rfc3339(row.proposed_at),
            "proposed_by": row.proposed_by,
            "proposed_by_name": row.proposed_by_name,
            "lapses_at": None if row.confirmed_at else rfc3339(lapses_at(row.proposed_at)),
            "confirmed_at": rfc3339(row.confirmed_at) if row.confirmed_at else None,
            "confirmed_by": row.confirmed_by,
            "confirmed_by_name": row.confirmed_by_name,
            "reviews": row.reviews,
            "may": _may_do(row, caller.user),
        }
        for row in rows[: ask.limit]
    ]
    last = shown[-1] if len(rows) > ask.limit else None
    return {"holds": shown, "after": [last["review_on"], last["id"]] if last else None}


def _may_do(row: Any, user: str) -> list[str]:
    """What the caller would not be refused to do with a hold that is in force."""
    state = State(row.left_by, row.proposed_at, row.proposed_by, row.confirmed_at is not None, ended=False)
    if not state.confirmed:
        return ["end"] if cannot_confirm(state, user) else ["confirm", "end"]
    return ["end"] if cannot_review(state, user) else ["review", "end"]


def _told(session: ReadSession, caller: Caller, receipts: Sequence[str]) -> set[str]:
    """Of these receipts the ones that speak of nobody from whom a bar keeps the caller."""
    people = people_on(session, receipts)
    barred = barred_from(session, caller.user, caller.agency, {one for on in people.values() for one in on})
    return {receipt for receipt, on in people.items() if not any(barred.from_person(one) for one in on)}


def _in_force(session: WriteSession, request: WriteRequest, receipt: str, hold: str) -> tuple[Held, State]:
    """The hold, if it is of the caller's agency and still in force; 404 or 409 otherwise."""
    agency = request.caller.agency
    left = repository.receipt_of_agency(session, receipt, agency)
    held = repository.hold_to_change(session, receipt, hold, agency)
    if left is None or held is None or not _told(session, request.caller, [receipt]):
        raise not_found()
    state = State(
        left_by=left.user,
        proposed_at=held.proposed_at,
        proposed_by=held.proposed_by,
        confirmed=held.confirmed_at is not None,
        ended=held.ended_at is not None,
    )
    if not state.is_in_force(request.at):
        raise conflict("This is held back no longer. Propose it anew if it still has to be.")
    return held, state


def _check_review_day(review_on: date, request: WriteRequest) -> None:
    wrong = unfit_review_day(review_on, request.at)
    if wrong is not None:
        raise invalid("review_on", wrong)


def _refuse(reason: str | None) -> None:
    if reason is not None:
        raise forbidden(reason)
