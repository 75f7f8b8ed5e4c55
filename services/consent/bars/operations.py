"""What happens to bars."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.bars import repository
from services.consent.bars.audience import Officer, is_stopped, may_see_bar
from services.consent.decisions.operations import DecisionParts
from services.consent.ledger.officers import is_partnership_officer
from services.consent.ledger.repository import lock_case_chain
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import conflict, invalid, not_found
from shared.records.bars import BarLifting, BarReview, NewBar

A_PROPOSAL_LASTS = timedelta(days=14)
"""For how long a proposal to lift a bar can be confirmed: nobody confirms what was meant for another time."""


def record_bar(
    session: WriteSession, request: WriteRequest, case: str, new: NewBar, people: Sequence[str]
) -> Outcome:
    """Record a bar; it counts at once, in every case of those whom it is about (all of the case if it names
    nobody). Refused where it would stop the officer who records it: they could not look after it."""
    lock_case_chain(session, case)
    subjects = sorted(set(new.subjects or people))
    _check_subjects(new, people)
    for field, codes in (("agencies", new.agencies), ("custodian.agency", (new.custodian.agency,))):
        if unknown_agencies(session, codes):
            raise invalid(field, "This agency is not in the partnership.")
    if new.review_on <= request.at.date():
        raise invalid("review_on", "Name a day after today on which this bar is reviewed.")
    if is_stopped(request.caller.user, request.caller.agency, new):
        raise invalid(
            "agencies", "This would stop yourself; ask an information officer whom it does not stop."
        )
    bar = new_id()
    repository.add_bar(
        session,
        id=bar,
        case_id=case,
        kind=new.kind.value,
        subjects=subjects,
        agencies=sorted(new.agencies),
        users=sorted(new.users),
        everyone_except=new.everyone_except,
        categories=sorted(new.categories),
        legal_reference=new.legal_reference,
        custodian=new.custodian.model_dump(mode="json"),
        reason=new.reason,
        review_on=new.review_on,
        reviews=[],
        recorded_at=request.at,
        recorded_by=request.caller.user,
        recorded_by_agency=request.caller.agency,
        proposal=None,
        lifted_at=None,
        lifted_by=None,
        lifting_reason=None,
    )
    return {"id": bar}


def _check_subjects(new: NewBar, people: Sequence[str]) -> None:
    for number, subject in enumerate(new.subjects or ()):
        if subject not in people:
            raise invalid(f"subjects.{number}", "Name somebody whom this case is about.")


def lift_bar(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    bar_id: str,
    lifting: BarLifting,
    people: Sequence[str],
) -> Outcome:
    """Propose that a bar is lifted or, as another person, confirm it: then it is (design 3.2)."""
    bar = _bar_to_change(session, request, parts, case, bar_id, people)
    proposed = bar.proposal
    if proposed is None or _has_lapsed(proposed, request.at):
        bar.proposal = {
            "by": request.caller.user,
            "by_agency": request.caller.agency,
            "at": rfc3339(request.at),
            "reason": lifting.reason,
        }
        return {"id": bar.id, "state": "proposed"}
    if proposed["by"] == request.caller.user:
        raise conflict("You proposed this; another person has to confirm that the bar is lifted.")
    bar.lifted_at = request.at
    bar.lifted_by = request.caller.user
    bar.lifting_reason = lifting.reason
    return {"id": bar.id, "state": "lifted"}


def review_bar(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    bar_id: str,
    review: BarReview,
    people: Sequence[str],
) -> Outcome:
    """Record that a bar was looked at and goes on, until the next review."""
    bar = _bar_to_change(session, request, parts, case, bar_id, people)
    if review.review_on <= request.at.date():
        raise invalid("review_on", "Name a day after today on which this bar is reviewed again.")
    done = {"by": request.caller.user, "at": rfc3339(request.at), "note": review.note}
    bar.reviews = [*bar.reviews, done]
    bar.review_on = review.review_on
    return {"id": bar.id}


def list_bars_about(
    session: ReadSession, parts: DecisionParts, caller: Caller, people: Sequence[str]
) -> list[dict[str, Any]]:
    """The bars about these people that the officer may see, whichever case they were recorded in."""
    at = parts.clock()
    officer = _officer(session, parts, caller, at)
    rows = repository.bars_concerning(session, people)
    return [_shown(row, caller, at) for row in rows if may_see_bar(officer, row)]


def list_bars_in_force(
    session: ReadSession, parts: DecisionParts, caller: Caller, overdue: bool
) -> list[dict[str, Any]]:
    """The bars in force that the officer may see, or of these the ones whose review is overdue."""
    at = parts.clock()
    officer = _officer(session, parts, caller, at)
    shown = [
        _shown(row, caller, at) for row in repository.bars_in_force(session) if may_see_bar(officer, row)
    ]
    return [row for row in shown if row["overdue"]] if overdue else shown


def _bar_to_change(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    bar_id: str,
    people: Sequence[str],
) -> Any:
    lock_case_chain(session, case)
    bar = repository.bar_to_change(session, bar_id, people)
    officer = _officer(session, parts, request.caller, request.at)
    if bar is None or not may_see_bar(officer, bar):
        raise not_found()
    if bar.lifted_at is not None:
        raise conflict("This bar has been lifted already.")
    return bar


def _has_lapsed(proposal: dict[str, Any], at: datetime) -> bool:
    return at >= datetime.fromisoformat(proposal["at"]) + A_PROPOSAL_LASTS


def _officer(session: ReadSession, parts: DecisionParts, caller: Caller, at: datetime) -> Officer:
    _, policy = parts.policies.in_force(session, at)
    return Officer(caller.user, caller.agency, caller.role, is_partnership_officer(caller, policy))


def may_do(caller: Caller, bar: Any, at: datetime) -> list[str]:
    """What an officer who may see a bar may do to it as well."""
    if bar.lifted_at is not None:
        return []
    if bar.proposal is None or _has_lapsed(bar.proposal, at):
        return ["review", "propose_lifting"]
    return ["review"] if bar.proposal["by"] == caller.user else ["review", "confirm_lifting"]


def _shown(row: Any, caller: Caller, at: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "case": row.case_id,
        "kind": row.kind,
        "subjects": row.subjects,
        "agencies": row.agencies,
        "users": row.users,
        "everyone_except": row.everyone_except,
        "categories": row.categories,
        "legal_reference": row.legal_reference,
        "custodian": row.custodian,
        "reason": row.reason,
        "review_on": row.review_on.isoformat(),
        "overdue": row.lifted_at is None and row.review_on < at.date(),
        "reviews": row.reviews,
        "recorded_at": rfc3339(row.recorded_at),
        "recorded_by": row.recorded_by,
        "recorded_by_agency": row.recorded_by_agency,
        "lifting_proposed": row.proposal,
        "lifted_at": rfc3339(row.lifted_at) if row.lifted_at else None,
        "lifted_by": row.lifted_by,
        "lifting_reason": row.lifting_reason,
        "may": may_do(caller, row, at),
    }
