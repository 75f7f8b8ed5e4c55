"""Raising a flag, and ending it."""

from collections.abc import Iterable
from datetime import datetime

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock, lock_open_case
from services.case.casework_rules import CaseworkRules
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.flags import lifecycle, repository
from services.case.notices.in_charge import member_or_others
from services.case.notices.repository import NewNotice, clear
from services.case.team.repository import places_of
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import forbidden, not_found
from shared.records.base import Record
from shared.records.flags import (
    ConcernFlagFields,
    FlagEnding,
    NewConcernFlag,
    NewStaffSafetyNote,
    StaffSafetyFields,
)


def raise_flag(
    session: WriteSession, request: WriteRequest, case: str, body: NewConcernFlag | NewStaffSafetyNote
) -> Outcome:
    """Keep a flag of the caller's agency; about the person whom the case is about unless others are named."""
    locked = lock_open_case(session, case)
    lifecycle.check_expiry(body.expires_on, request.at.date())
    entry = entries.NewEntry(
        kind=body.kind,
        case=case,
        subjects=entries.subjects_for_case(body.subjects, subjects_in_reach(session, case), locked.person),
        fields=stored(_fields(body)),
        more_categories=body.categories if isinstance(body, NewConcernFlag) else (),
    )
    entry_id = entries.add_entry(session, request, entry)
    repository.add_flag(session, request, case, entry_id, body.expires_on)
    return {"id": entry_id, "version": 1, "state": lifecycle.FLAG.initial}


def _fields(body: NewConcernFlag | NewStaffSafetyNote) -> Record:
    said = body.model_dump(exclude={"kind", "categories", "subjects"})
    return ConcernFlagFields(**said) if isinstance(body, NewConcernFlag) else StaffSafetyFields(**said)


def end_flag(
    session: WriteSession, request: WriteRequest, case: str, entry_id: str, body: FlagEnding
) -> Outcome:
    """End a flag of the caller's own agency, with the reason; in a closed case too."""
    lock(session, case)
    flag = repository.find_flag(session, case, entry_id)
    if flag is None:
        raise not_found()
    if flag.agency != request.caller.agency:
        raise forbidden("Only the agency that raised this flag can end it; ring them.")
    today = request.at.date()
    state = lifecycle.FLAG.after(lifecycle.state(flag.ended_at is not None, flag.expires_on, today), "ending")
    repository.end_flag(session, entry_id, request.at)
    clear(session, entry_id, request.at)
    said = {"ended_on": today.isoformat(), "ended_because": body.reason}
    version = entries.add_to_fields(session, entry_id, said)
    return {"id": entry_id, "version": version, "state": state}


def flags_expiring(session: WriteSession, at: datetime, rules: CaseworkRules) -> Iterable[NewNotice]:
    """A flag that is about to expire, for whoever raised it, or in their place (a clock)."""
    found = repository.expiring(session, at.date(), rules.flag_warning_days)
    places = places_of(session, (flag.case_id for flag in found), at.date())
    for flag in found:
        day = flag.expires_on.isoformat()
        for whom in member_or_others(places[flag.case_id], flag.agency, flag.raised_by):
            yield NewNotice(flag.case_id, "flag_expiring", flag.entry_id, whom, day)
