"""What happens to statutory overrides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from services.consent.agencies.repository import agencies_named_for, unknown_agencies
from services.consent.alerts.alert import NewAlert
from services.consent.alerts.repository import add_alerts, call_off
from services.consent.decision.facts import Ask
from services.consent.decision.grid import NOTHING, grid_at, mask_of
from services.consent.decision.policy import Policy
from services.consent.decision.writing import Doing, Permit, Refusal, may_write
from services.consent.decisions.facts_of import waits_for_a_second_officer
from services.consent.decisions.operations import DecisionParts, decide_and_record
from services.consent.decisions.repository import LoadedFacts
from services.consent.holds.lifecycle import unfit_review_day
from services.consent.ledger.operations import Recorded, record_deed
from services.consent.ledger.repository import lock_case_chain
from services.consent.overrides import repository
from services.consent.overrides.audience import Onlooker, holds_what_it_opens, is_kept_out, is_party_to
from services.consent.overrides.lawful_bases import BASES, LawfulBasis
from services.consent.overrides.schemas import Asked, Listing, OverrideToRecord
from shared.clock import microseconds, rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import CaseAsk, SubjectAsk
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.overrides import NewOverride, OverrideEnding, TellingReview
from shared.vocabulary import Deed, LedgerAction, Level, OverrideKind, Purpose, Role
from shared.working_days import end_of_working_day

_CONFIRMED_WITHIN_DAYS = 1
TO_CONFIRM, TELLING_DUE = "override_to_confirm", "override_telling_due"
LAPSED = "override_lapsed"


def record_override(
    session: WriteSession, request: WriteRequest, parts: DecisionParts, case: str, body: OverrideToRecord
) -> Outcome:
    """Record an override; it counts at once.

    A safeguarding lead's own must be confirmed by the end of the next working day, and ends then if it is
    not (design 3.2). While one of her agency for this case is unconfirmed, over or not, no other is recorded
    on a lead's own word (403), and officers are told when one lapses. What an information officer opens to
    her own agency, or to users, who may be of it, counts for these only once a second officer or a
    safeguarding lead confirmed it. Who may is told that one waits for them.
    """
    lock_case_chain(session, case)
    new, caller = body.override, request.caller
    basis = _basis(new.lawful_basis)
    until = _end(new.valid_until, basis, request.at)
    if unknown_agencies(session, new.recipients.agencies):
        raise invalid("recipients.agencies", "One of these agencies is not in the partnership.")
    policy = parts.policies.in_force(session, request.at)[1]
    _refuse_beyond_cap(policy, new)
    own_enquiry = caller.role == Role.SAFEGUARDING_LEAD
    if own_enquiry:
        _refuse_unless_own(caller, new, basis)
        _refuse_while_one_is_unconfirmed(session, case, caller.agency)
    else:
        _refuse_for_oneself(caller, new)
    override, confirm_by = new_id(), None
    if own_enquiry:
        confirm_by = end_of_working_day(request.at, _CONFIRMED_WITHIN_DAYS)
    own = {*new.recipients.users}
    if caller.agency in new.recipients.agencies:
        own.add(caller.user)
    repository.add_override(
        session,
        listed_for=own,
        id=override,
        case_id=case,
        kind=OverrideKind.STATUTORY.value,
        lawful_basis=new.lawful_basis,
        reference=new.reference,
        reason=new.reason,
        agencies=sorted(set(new.recipients.agencies)),
        users=sorted(set(new.recipients.users)),
        subjects=sorted(set(body.subjects)),
        categories=sorted(set(new.categories)),
        level=new.level,
        purposes=sorted(set(new.purposes)),
        valid_until=until,
        confirm_by=confirm_by,
        confirmed_at=None,
        confirmed_by=None,
        ended_at=None,
        ended_by=None,
        ending_reason=None,
        recorded_at=request.at,
        recorded_by=caller.user,
        recorded_by_agency=caller.agency,
        told_from=request.at if new.family_may_be_told else None,
        telling_review_on=None if new.family_may_be_told else until.date(),
        telling_reviews=[],
    )
    if not new.family_may_be_told:
        not_for = [caller.user, *new.recipients.users]
        _ask_again(session, case, override, caller.agency, not_for, body.subjects, until)
    waits = not own_enquiry and opens_own_agency(caller.agency, body.override.recipients)
    if own_enquiry or waits:
        roles = _CONFIRM_AN_OFFICERS if waits else _CONFIRM_A_LEADS
        _tell_who_confirms(session, request, case, override, body, roles)
    if confirm_by is not None:
        officers = policy.partnership_officers
        add_alerts(session, _lapses(request, case, override, body.subjects, confirm_by, officers))
    return {
        "id": override,
        "valid_until": rfc3339(until),
        "confirm_by": rfc3339(confirm_by) if confirm_by else None,
        "waits_for_confirmation": waits,
    }


def opens_own_agency(agency: str, recipients: Any) -> bool:
    """Whether something may open to the agency that recorded it: it names it, or users, who may be of it."""
    return agency in recipients.agencies or bool(recipients.users)


def _basis(code: str) -> LawfulBasis:
    basis = BASES.get(code)
    if basis is None:
        raise invalid("lawful_basis", f"Use one of: {', '.join(sorted(BASES))}.")
    return basis


def _end(until: datetime | None, basis: LawfulBasis, at: datetime) -> datetime:
    if until is None:
        raise invalid("valid_until", "Say until when: an override has an end.")
    if until <= at:
        raise invalid("valid_until", "This override would be over already.")
    if until > end_of_working_day(at, basis.longest_working_days):
        raise invalid(
            "valid_until",
            f"On this basis an override lasts {basis.longest_working_days} working days at most; choose an "
            "earlier end, and record another if more time is needed.",
        )
    return until


def _refuse_beyond_cap(policy: Policy, new: NewOverride) -> None:
    """What the policy caps for everybody would never be shown; somebody who records it must not think so."""
    cap = NOTHING
    for standing in policy.standings.values():
        cap |= standing.statutory_cap
    if grid_at(Level.from_word(new.level), mask_of(new.categories)) & ~cap:
        raise invalid("level", "The policy's cap for overrides is lower for one of these categories.")


def _refuse_unless_own(caller: Caller, new: NewOverride, basis: LawfulBasis) -> None:
    if not basis.enquiry:
        raise invalid(
            "lawful_basis",
            "A safeguarding lead records enquiries; on this basis an information officer does.",
        )
    if {*new.recipients.agencies} - {caller.agency} or {*new.recipients.users} - {caller.user}:
        raise invalid(
            "recipients",
            "A safeguarding lead records an override for her own agency or herself; for others an "
            "information officer does.",
        )


def _refuse_while_one_is_unconfirmed(session: ReadSession, case: str, agency: str) -> None:
    """One that nobody confirms is over next working day: recorded again and again it would never be looked
    at."""
    if repository.has_unconfirmed(session, case, agency):
        raise forbidden(
            "Your agency's last override for this case has not been confirmed. Ask your manager to confirm "
            "it, also after it has lapsed; then record the next one. If somebody is in danger, ring now."
        )


def _refuse_for_oneself(caller: Caller, new: NewOverride) -> None:
    """An information officer records for others: whoever writes the rules reads nobody (the default policy),
    and nobody opens anything to themselves alone."""
    if caller.user in new.recipients.users:
        raise invalid("recipients.users", "You record this for others; another officer records one for you.")
    if Purpose.OVERSIGHT in new.purposes:
        raise invalid("purposes", "Information officers read nobody: name the purpose of those who are to.")


_CONFIRM_A_LEADS = (Role.TEAM_MANAGER.value, Role.SAFEGUARDING_LEAD.value)
_CONFIRM_AN_OFFICERS = (Role.INFORMATION_OFFICER.value, Role.SAFEGUARDING_LEAD.value)


def _tell_who_confirms(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    override: str,
    body: OverrideToRecord,
    roles: tuple[str, ...],
) -> None:
    """Whom it names does not confirm it, and is told nothing of it before it counts for them."""
    add_alerts(
        session,
        [
            NewAlert(
                case=case,
                about=override,
                kind=TO_CONFIRM,
                agency=request.caller.agency,
                role=role,
                shows_from=request.at,
                subjects=body.subjects,
                not_for=[request.caller.user, *body.override.recipients.users],
            )
            for role in roles
        ],
    )


def _lapses(
    request: WriteRequest,
    case: str,
    override: str,
    subjects: tuple[str, ...],
    confirm_by: datetime,
    partnership_officers: Iterable[str],
) -> Iterator[NewAlert]:
    """When it lapses unconfirmed: to the agency's information officer and manager, and to the partnership
    officers, as where a review of broken glass is overdue."""

    def alert(agency: str | None, role: Role, user: str | None = None) -> NewAlert:
        return NewAlert(
            case=case,
            about=override,
            kind=LAPSED,
            agency=agency,
            role=role.value,
            user=user,
            shows_from=confirm_by,
            subjects=subjects,
            not_for=[request.caller.user],
        )

    yield alert(request.caller.agency, Role.INFORMATION_OFFICER)
    yield alert(request.caller.agency, Role.TEAM_MANAGER)
    for officer in sorted(partnership_officers):
        yield alert(None, Role.INFORMATION_OFFICER, officer)


def _ask_again(
    session: WriteSession,
    case: str,
    override: str,
    agency: str,
    not_for: Sequence[str],
    subjects: Sequence[str],
    shows_from: datetime,
) -> None:
    """Tell who can say so, when the time has come, that the family has not been told yet. ``not_for``: who
    recorded it or is named in it, and so does not say it."""
    add_alerts(
        session,
        [
            NewAlert(
                case=case,
                about=override,
                kind=TELLING_DUE,
                agency=agency,
                role=role.value,
                shows_from=shows_from,
                subjects=subjects,
                not_for=not_for,
            )
            for role in (Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD)
        ],
    )


def review_telling(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    override_id: str,
    review: TellingReview,
    asked: Asked,
) -> Outcome:
    """Say whether the family may read by now who looked because of an override; if not, until when not.

    By somebody else than its recorder (design 3.4: a reason, a second person, a review date).
    """
    override = _found(session, request, parts, case, override_id, asked)
    _refuse_unless(Deed.REVIEW_TELLING, request.caller, override)
    was_told = override.told_from is not None
    if review.review_on is not None and (wrong := unfit_review_day(review.review_on, request.at)):
        raise invalid("review_on", wrong)
    call_off(session, override.id, TELLING_DUE, request.at)
    override.told_from = (override.told_from or request.at) if review.family_may_be_told else None
    override.telling_review_on = review.review_on
    said = {
        "at": rfc3339(request.at),
        "by": request.caller.user,
        "family_may_be_told": review.family_may_be_told,
        "reason": review.reason,
    }
    override.telling_reviews = [*override.telling_reviews, said]
    if review.review_on is not None:
        due = datetime.combine(review.review_on, time(), UTC)
        not_for = [override.recorded_by, *override.users]
        _ask_again(session, case, override.id, override.recorded_by_agency, not_for, override.subjects, due)
    _record(session, parts, request.caller, case, Deed.REVIEW_TELLING, asked)
    return {"id": override.id, "takes_away": was_told and not review.family_may_be_told}


def confirm_override(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    override_id: str,
    asked: Asked,
) -> Outcome:
    """Confirm an override by somebody else of the agency that recorded it: a safeguarding lead's in time; an
    officer's for her own agency by who is not named in it, and from then on it counts there.

    A safeguarding lead's own that is over unconfirmed is looked at by a manager: it stays over, and another
    may be recorded.
    """
    override = _found(session, request, parts, case, override_id, asked)
    _refuse_unless(Deed.CONFIRM_OVERRIDE, request.caller, override)
    if override.confirmed_at is not None:
        raise conflict("This has been confirmed already.")
    if override.confirm_by is None and not opens_own_agency(override.recorded_by_agency, override):
        raise conflict("This needs no confirmation.")
    if not _looked_at_afterwards(override, request):
        _refuse_if_over(override, request.at)
    override.confirmed_at = request.at
    override.confirmed_by = request.caller.user
    call_off(session, override.id, LAPSED, request.at)
    _record(session, parts, request.caller, case, Deed.CONFIRM_OVERRIDE, asked)
    return {"id": override.id, "valid_until": rfc3339(override.ended_at or override.valid_until)}


def _looked_at_afterwards(override: Any, request: WriteRequest) -> bool:
    """Whether a manager looks at what lapsed, or what its recorder ended, before anybody confirmed it.

    What lapsed is ended as of then, because a confirmation would otherwise open it once more.
    """
    if not _is_looked_at_afterwards(override, request.caller, request.at):
        return False
    if override.ended_at is None:
        override.ended_at = min(override.confirm_by, override.valid_until)
        override.ended_by = request.caller.user
        override.ending_reason = "not_confirmed_in_time"
    return True


def _is_looked_at_afterwards(override: Any, caller: Caller, at: datetime) -> bool:
    if override.confirm_by is None or caller.role != Role.TEAM_MANAGER:
        return False
    if override.ended_at is not None:
        return bool(override.ended_by == override.recorded_by)
    return bool(min(override.confirm_by, override.valid_until) <= at)


def end_override(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    override_id: str,
    ending: OverrideEnding,
    asked: Asked,
) -> Outcome:
    """End an override before its time; it counts from now on."""
    override = _found(session, request, parts, case, override_id, asked)
    _refuse_unless(Deed.END_OVERRIDE, request.caller, override)
    _refuse_if_over(override, request.at)
    override.ended_at = request.at
    override.ended_by = request.caller.user
    override.ending_reason = ending.reason
    if override.ended_by != override.recorded_by:
        call_off(session, override.id, LAPSED, request.at)
    _record(session, parts, request.caller, case, Deed.END_OVERRIDE, asked)
    return {"id": override.id}


def _found(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    override_id: str,
    asked: Asked,
) -> Any:
    """The override, if the caller may know of it; 404 otherwise."""
    lock_case_chain(session, case)
    override = repository.override_to_change(session, case, override_id)
    if override is None or not is_party_to(Onlooker.of(request.caller), override):
        raise not_found()
    if kept_out(session, parts, request.caller, case, override.subjects, asked.purpose):
        raise not_found()
    return override


def kept_out(
    session: ReadSession, parts: DecisionParts, caller: Caller, case: str, subjects: list[str], purpose: str
) -> bool:
    """Whether the caller's access is not in force, or a bar keeps them out of this case."""
    at = microseconds(parts.clock())
    about = CaseAsk(
        case=case,
        relationship="none",
        subjects=tuple(SubjectAsk(id=subject, decides_from=None) for subject in subjects),
        labels=(),
    )
    loaded = LoadedFacts(session, [about], caller, purpose, ())
    ask = Ask(caller.user, caller.agency, caller.role, "none", purpose, at, parts.margin, ())
    return (
        loaded.suspended
        or loaded.kind_of_caller() is None
        or is_kept_out(loaded.of_case(about, None, at, parts.margin), ask)
    )


def _refuse_unless(deed: Deed, caller: Caller, override: Any) -> None:
    permit = _permit(deed, caller, override)
    if isinstance(permit, Refusal):
        raise forbidden(permit.reason)


def _permit(deed: Deed, caller: Caller, override: Any) -> Permit | Refusal:
    by_officer = override.confirm_by is None
    return permit_for(
        deed,
        caller,
        agency=override.recorded_by_agency,
        is_self=override.recorded_by == caller.user or (by_officer and caller.user in override.users),
        by_officer=by_officer,
    )


def refuse_unless_may(
    deed: Deed, caller: Caller, *, agency: str, is_self: bool, told_overdue: bool = False
) -> None:
    """A 403 with the reason unless the caller may do this to what ``agency`` recorded."""
    permit = permit_for(deed, caller, agency=agency, is_self=is_self, told_overdue=told_overdue)
    if isinstance(permit, Refusal):
        raise forbidden(permit.reason)


def permit_for(
    deed: Deed,
    caller: Caller,
    *,
    agency: str,
    is_self: bool,
    by_officer: bool = False,
    told_overdue: bool = False,
) -> Permit | Refusal:
    """Whether the caller may do this to what ``agency`` recorded."""
    doing = Doing(
        role=caller.role,
        relationship="none",
        agency=caller.agency,
        owner=agency,
        is_self=is_self,
        by_officer=by_officer,
        told_overdue=told_overdue,
    )
    return may_write(deed, doing)


def may_do(caller: Caller, override: Any, at: datetime) -> list[str]:
    """What the caller may do to an override that they are party to: ``confirm``, ``end`` and
    ``review_telling`` as far as it would not be refused."""
    over = _is_over(override, at)
    waits = override.confirmed_at is None and (
        override.confirm_by is not None or opens_own_agency(override.recorded_by_agency, override)
    )
    possible = {
        Deed.CONFIRM_OVERRIDE: waits and (not over or _is_looked_at_afterwards(override, caller, at)),
        Deed.END_OVERRIDE: not over,
        Deed.REVIEW_TELLING: override.told_from is None,
    }
    return [
        _NAMES[deed]
        for deed, is_open in possible.items()
        if is_open and isinstance(_permit(deed, caller, override), Permit)
    ]


_NAMES = {
    Deed.CONFIRM_OVERRIDE: "confirm",
    Deed.END_OVERRIDE: "end",
    Deed.REVIEW_TELLING: "review_telling",
}


def _is_over(override: Any, at: datetime) -> bool:
    lapsed = override.confirm_by is not None and override.confirmed_at is None and override.confirm_by <= at
    return override.ended_at is not None or lapsed or override.valid_until <= at


def _refuse_if_over(override: Any, at: datetime) -> None:
    if override.ended_at is not None:
        raise conflict("This override has been ended already.")
    if override.confirm_by is not None and override.confirmed_at is None and override.confirm_by <= at:
        raise conflict(
            "This override was not confirmed in time and is over. A manager confirms that, and then another "
            "is recorded."
        )
    if override.valid_until <= at:
        raise conflict("This override is over already.")


def _record(
    session: WriteSession, parts: DecisionParts, caller: Caller, case: str, deed: Deed, asked: Asked
) -> None:
    done = Recorded(deed, LedgerAction.CONTRIBUTE, asked.purpose, asked.reason, case, True)
    record_deed(session, parts, caller, done)


def list_overrides(
    session: WriteSession, parts: DecisionParts, caller: Caller, case: str, listing: Listing
) -> dict[str, Any]:
    """The statutory overrides of a case that the caller may see, oldest first, the decision, and whether they
    may ``record`` another."""
    answer = decide_and_record(session, parts, caller, listing.ask)
    onlooker = Onlooker.of(caller, listing.owned)
    purpose = listing.ask.purpose
    listed = []
    for row in repository.statutory_overrides_of_case(session, case):
        party = is_party_to(onlooker, row)
        if not party and not holds_what_it_opens(onlooker, row):
            continue
        if not kept_out(session, parts, caller, case, row.subjects, purpose):
            listed.append(_shown(row, caller, parts.clock(), with_reason=party))
    may = ["record"] if may_record_override(session, parts, caller, case) else []
    return {"decision": answer.model_dump(mode="json"), "listed": listed, "may": may}


def _shown(row: Any, caller: Caller, at: datetime, *, with_reason: bool) -> Mapping[str, Any]:
    review_on = row.telling_review_on
    return {
        "id": row.id,
        "lawful_basis": row.lawful_basis,
        "reference": row.reference,
        "reason": row.reason if with_reason else None,
        "subjects": row.subjects,
        "recipients": {"agencies": row.agencies, "users": row.users},
        "categories": row.categories,
        "level": row.level,
        "purposes": row.purposes,
        "valid_from": rfc3339(row.recorded_at),
        "valid_until": rfc3339(row.valid_until),
        "confirm_by": rfc3339(row.confirm_by) if row.confirm_by else None,
        "confirmed_at": rfc3339(row.confirmed_at) if row.confirmed_at else None,
        "waits_for_confirmation": (
            waits_for_a_second_officer(row) and opens_own_agency(row.recorded_by_agency, row)
        ),
        "ended_at": rfc3339(row.ended_at) if row.ended_at else None,
        "recorded_by_agency": row.recorded_by_agency,
        "family_told_from": rfc3339(row.told_from) if row.told_from else None,
        "telling_review_on": review_on.isoformat() if review_on else None,
        "telling_overdue": review_on is not None and review_on <= at.date(),
        "telling_reviews": row.telling_reviews if with_reason else [],
        "may": may_do(caller, row, at) if with_reason else [],
    }


def may_record_override(
    session: ReadSession, parts: DecisionParts, caller: Caller, case: str | None = None
) -> bool:
    """Whether the caller may record overrides at all, and with a ``case`` one in it now."""
    found = agencies_named_for(session, caller, [caller.agency])
    if not found or found[0].user_is_suspended:
        return False
    policy = parts.policies.in_force(session, parts.clock())[1]
    doing = Doing(
        role=caller.role,
        relationship="none",
        agency=caller.agency,
        statutory_duties=found[0].kind in policy.statutory_kinds,
    )
    if isinstance(may_write(Deed.RECORD_OVERRIDE, doing), Refusal):
        return False
    on_ones_own_word = caller.role == Role.SAFEGUARDING_LEAD
    return not (case and on_ones_own_word and repository.has_unconfirmed(session, case, caller.agency))


def lawful_bases(session: ReadSession, parts: DecisionParts, caller: Caller) -> dict[str, Any]:
    """The lawful bases on which the caller may record an override, each with the latest end that it could
    have now; none for who may record none. ``for_others``: to other agencies than the caller's, too."""
    at, enquiries = parts.clock(), caller.role == Role.SAFEGUARDING_LEAD
    may = may_record_override(session, parts, caller)
    return {
        "bases": [
            {
                "code": basis.code,
                "title": basis.title,
                "no_later_than": rfc3339(end_of_working_day(at, basis.longest_working_days)),
            }
            for basis in BASES.values()
            if may and (basis.enquiry or not enquiries)
        ],
        "for_others": may and not enquiries,
    }


def own_cases(session: ReadSession, caller: Caller, at: datetime) -> list[str]:
    """The cases that overrides in force put on the caller's own list (design 3.3, "Lists")."""
    return repository.own_cases(session, caller.user, caller.agency, at)
