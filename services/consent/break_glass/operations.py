"""What happens when somebody breaks the glass, and afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.consent.agencies.repository import agencies_named
from services.consent.alerts.alert import NewAlert
from services.consent.alerts.in_charge import TO_PARTNERSHIP
from services.consent.alerts.repository import add_alerts, call_off
from services.consent.break_glass import repository
from services.consent.break_glass.audience import is_overdue, is_own, is_told_overdue, may_see
from services.consent.break_glass.schemas import BreakGlassToRecord, CaseToOpen, ReviewToRecord
from services.consent.break_glass.timing import Opened, opened_at, renewed_at
from services.consent.decision.writing import Refusal
from services.consent.decisions.openings import OPENED_FOR
from services.consent.decisions.operations import DecisionParts, decide_and_record
from services.consent.exclusions.repository import exclusions_about
from services.consent.ledger.officers import is_told_what_is_overdue
from services.consent.ledger.operations import Recorded, record_deed
from services.consent.ledger.repository import lock_case_chain
from services.consent.overrides.operations import kept_out, permit_for, refuse_unless_may
from services.consent.overrides.repository import add_override
from services.consent.overrides.schemas import Listing
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import conflict, not_found
from shared.vocabulary import Category, Deed, LedgerAction, OverrideKind, Role

BROKEN, OVERDUE = "break_glass", "break_glass_review_overdue"


def break_glass(session: WriteSession, request: WriteRequest, body: BreakGlassToRecord) -> Outcome:
    """Open cases to one user for an hour. Who should look is told at once, and when the review is overdue."""
    for case in sorted({one.case for one in body.cases}):
        lock_case_chain(session, case)
    opened = []
    for one in body.cases:
        before = repository.opened_by(session, body.user, one.case)
        if any(_is_open(row, request) for row in before):
            raise conflict("The glass is broken already for this case. Renew it if more time is needed.")
        until = opened_at(request.at, max((row.no_later_than for row in before), default=None))
        opened.append(_open(session, request, body, one, until))
    return {"break_glass": opened}


def _is_open(row: Any, request: WriteRequest) -> bool:
    """Whether it is open still, in the agency for which they act: what they opened for another shows nothing
    here, but its hours count."""
    here = row.agency == request.caller.agency
    return here and row.ended_at is None and bool(row.valid_until > request.at)


def _open(
    session: WriteSession,
    request: WriteRequest,
    body: BreakGlassToRecord,
    one: CaseToOpen,
    until: Opened,
) -> dict[str, Any]:
    override, caller = new_id(), request.caller
    add_override(
        session,
        listed_for=[body.user],
        id=override,
        case_id=one.case,
        kind=OverrideKind.BREAK_GLASS.value,
        lawful_basis=None,
        reference=None,
        reason=body.reason,
        agencies=[],
        users=[body.user],
        subjects=sorted(set(one.subjects)),
        categories=[category.value for category in Category],
        level="full",
        purposes=sorted(OPENED_FOR),
        valid_until=until.valid_until,
        confirm_by=None,
        confirmed_at=None,
        confirmed_by=None,
        ended_at=None,
        ended_by=None,
        ending_reason=None,
        recorded_at=request.at,
        recorded_by=caller.user,
        recorded_by_agency=caller.agency,
        told_from=request.at,
        telling_review_on=None,
        telling_reviews=[],
    )
    repository.add_break_glass(
        session,
        override=override,
        case_id=one.case,
        user=body.user,
        agency=caller.agency,
        opened_at=request.at,
        no_later_than=until.no_later_than,
        review_due=until.review_due,
        reviewed_at=None,
        reviewed_by=None,
        finding=None,
        note=None,
    )
    add_alerts(session, _alerts(request, body, one, override, until))
    return {
        "id": override,
        "case": one.case,
        "valid_until": rfc3339(until.valid_until),
        "no_later_than": rfc3339(until.no_later_than),
        "review_due": rfc3339(until.review_due),
    }


def _alerts(
    request: WriteRequest,
    body: BreakGlassToRecord,
    one: CaseToOpen,
    override: str,
    until: Opened,
) -> Iterable[NewAlert]:
    """Now to the lead professional and the agency's information officer; when the review is overdue to those
    who answer for the agency and to the partnership's officers. Not to those who did it."""

    def alert(
        kind: str, agency: str | None, at: datetime, *, role: str | None = None, user: str | None = None
    ) -> NewAlert:
        return NewAlert(
            case=one.case,
            about=override,
            kind=kind,
            agency=agency,
            role=None if role is None else str(role),
            user=user,
            shows_from=at,
            subjects=one.subjects,
            not_for=sorted({body.user, request.caller.user}),
        )

    own, due = request.caller.agency, until.review_due
    yield alert(BROKEN, own, request.at, role=Role.INFORMATION_OFFICER)
    if one.lead is not None:
        yield alert(BROKEN, one.lead.agency, request.at, user=one.lead.user)
    for role in (Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER):
        yield alert(OVERDUE, own, due, role=role)
    yield alert(OVERDUE, None, due, role=TO_PARTNERSHIP)


def renew(session: WriteSession, request: WriteRequest, case: str, override_id: str) -> Outcome:
    """Another hour, up to twelve in all; for the user whom it is for, while it has not ended."""
    lock_case_chain(session, case)
    found = repository.to_change(session, case, override_id)
    if found is None or (found[0].user, found[0].agency) != (request.caller.user, request.caller.agency):
        raise not_found()
    broken, override = found
    if override.ended_at is not None or override.valid_until <= request.at:
        raise conflict("This has ended. Break the glass again if somebody may still come to harm.")
    until = renewed_at(request.at, broken.no_later_than)
    if until <= override.valid_until:
        raise conflict("The twelve hours are used up. Ask your safeguarding lead or information officer.")
    override.valid_until = until
    return {
        "id": override.id,
        "case": case,
        "valid_until": rfc3339(until),
        "no_later_than": rfc3339(broken.no_later_than),
    }


def review(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    override_id: str,
    body: ReviewToRecord,
) -> Outcome:
    """Say what somebody else found. If it was not justified, what is still open ends now.

    By who answers for the user's agency; once that is overdue by whoever is told so, of other agencies too.
    """
    lock_case_chain(session, case)
    caller, asked = request.caller, body.asked
    found = repository.to_change(session, case, override_id)
    if found is None:
        raise not_found()
    broken, override = found
    goes_up = goes_up_to(session, parts, caller)
    told = is_told_overdue(caller, broken, request.at, partnership_officer=goes_up)
    known = told and not is_implicated(session, caller, override.subjects, request.at)
    if broken.agency != caller.agency and not known:
        raise not_found()
    if kept_out(session, parts, caller, case, override.subjects, asked.purpose):
        raise not_found()
    is_self = caller.user in (broken.user, override.recorded_by)
    refuse_unless_may(
        Deed.REVIEW_BREAK_GLASS, caller, agency=broken.agency, is_self=is_self, told_overdue=told
    )
    if broken.reviewed_at is not None:
        raise conflict("This has been reviewed already.")
    broken.reviewed_at, broken.reviewed_by = request.at, caller.user
    broken.finding, broken.note = body.review.finding, body.review.note
    call_off(session, override.id, OVERDUE, request.at)
    ends = (
        body.review.finding == "not_justified"
        and override.ended_at is None
        and override.valid_until > request.at
    )
    if ends:
        override.ended_at, override.ended_by = request.at, caller.user
        override.ending_reason = "not_justified"
    done = Recorded(Deed.REVIEW_BREAK_GLASS, LedgerAction.CONTRIBUTE, asked.purpose, asked.reason, case, True)
    record_deed(session, parts, caller, done)
    return {"id": override.id, "finding": body.review.finding, "takes_away": ends}


def list_break_glass(
    session: WriteSession, parts: DecisionParts, caller: Caller, case: str, listing: Listing
) -> dict[str, Any]:
    """Who broke the glass for a case, as far as the caller may see it, oldest first, and the decision."""
    answer = decide_and_record(session, parts, caller, listing.ask)
    at = parts.clock()
    officer = goes_up_to(session, parts, caller)
    relationship = listing.ask.cases[0].relationship
    names = repository.names_of_openers(session, case)
    listed = [
        _shown(row, caller, at, names, partnership_officer=officer)
        for row in repository.break_glass_of_case(session, case)
        if may_see(caller, relationship, row, at, partnership_officer=officer)
        and not kept_out(session, parts, caller, case, row.subjects, listing.ask.purpose)
        and (is_own(caller, row) or not is_implicated(session, caller, row.subjects, at))
    ]
    return {"decision": answer.model_dump(mode="json"), "listed": listed}


def is_implicated(session: ReadSession, caller: Caller, subjects: Sequence[str], at: datetime) -> bool:
    """Whether the family asked that this very user is not told something: no alert reaches them either."""
    return any(
        caller.user in row.users
        and (row.lifted_at is None or row.lifted_at > at)
        and (row.valid_until is None or row.valid_until > at)
        for row in exclusions_about(session, subjects)
    )


def goes_up_to(session: ReadSession, parts: DecisionParts, caller: Caller) -> bool:
    """Whether a review that no agency does in time goes up to the caller."""
    _, policy = parts.policies.in_force(session, parts.clock())
    own = agencies_named(session, [caller.agency])
    return is_told_what_is_overdue(caller, own[0].kind if own else None, policy)


def may_review(caller: Caller, row: Any, at: datetime, *, partnership_officer: bool) -> bool:
    """Whether the caller may say what somebody else found; ``row`` has what a listed line has.
    ``partnership_officer``: what is overdue goes up to them."""
    is_self = caller.user in (row.user, row.recorded_by)
    told = is_told_overdue(caller, row, at, partnership_officer=partnership_officer)
    permit = permit_for(
        Deed.REVIEW_BREAK_GLASS, caller, agency=row.agency, is_self=is_self, told_overdue=told
    )
    return row.reviewed_at is None and not isinstance(permit, Refusal)


def _shown(
    row: Any,
    caller: Caller,
    at: datetime,
    names: Mapping[tuple[str, str], str],
    *,
    partnership_officer: bool,
) -> dict[str, Any]:
    """A line; ``user_name`` is null for a colleague for whom somebody else opened it: nothing here tells
    their name without telling also whether they looked."""
    is_opener = row.user == row.recorded_by
    return {
        "id": row.id,
        "user": row.user,
        "user_name": names.get((row.user, row.agency)) if is_opener else None,
        "agency": row.agency,
        "opened_by": row.recorded_by,
        "opened_by_name": names.get((row.recorded_by, row.agency)),
        "reason": row.reason,
        "opened_at": rfc3339(row.opened_at),
        "valid_until": rfc3339(row.valid_until),
        "no_later_than": rfc3339(row.no_later_than),
        "ended_at": rfc3339(row.ended_at) if row.ended_at else None,
        "review_due": rfc3339(row.review_due),
        "review_overdue": is_overdue(row, at),
        "reviewed_at": rfc3339(row.reviewed_at) if row.reviewed_at else None,
        "finding": row.finding,
        "may": ["review"] if may_review(caller, row, at, partnership_officer=partnership_officer) else [],
    }
