"""What waits for those who answer for an agency: what somebody else did and nobody has looked at, and what
runs out. Managers and safeguarding leads are told of what was opened without permission, and leads of what
is held back; the rules of sharing are the information officers'.

Each line says of what kind it is, in which case, and until when; what it is about is read where it stands.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from services.consent.agencies.repository import agencies_named
from services.consent.bars.operations import list_bars_in_force
from services.consent.break_glass.audience import may_see
from services.consent.break_glass.operations import goes_up_to, is_implicated, may_review
from services.consent.decisions.operations import DecisionParts
from services.consent.holds.operations import HoldsAsk, list_holds
from services.consent.ledger.officers import is_partnership_officer, speaks_for_partnership
from services.consent.office import repository
from services.consent.overrides.operations import kept_out, may_do, may_record_override
from services.consent.policies.operations import drafts_to_settle
from shared.clock import rfc3339
from shared.database import ReadSession
from shared.identity import Caller
from shared.vocabulary import Purpose, Relationship, Role

ENDS_SOON = timedelta(days=30)
_MOST = 100
_HOLDERS = frozenset({Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD})
_A_DAY_LATER = timedelta(days=1)
Line = dict[str, Any]


def waiting(session: ReadSession, parts: DecisionParts, caller: Caller) -> dict[str, Any]:
    """The lines, what is due first in front, and what the caller may do besides (``add_agency``,
    ``verify_whole_ledger``, ``record_override``)."""
    at = parts.clock()
    _, policy = parts.policies.in_force(session, at)
    own = agencies_named(session, [caller.agency])
    administers = speaks_for_partnership(caller, own[0].kind if own else None, policy)
    lines = [
        *_overrides(session, parts, caller, at),
        *_break_glass(session, parts, caller, at),
        *(_of_the_rules(session, parts, caller, at) if caller.role == Role.INFORMATION_OFFICER else ()),
        *(_holds(session, caller, at) if caller.role in _HOLDERS else ()),
    ]
    return {
        "waiting": sorted(lines, key=lambda line: (line["due_at"] is None, line["due_at"], line["about"])),
        "may": [
            *(["add_agency"] if administers else []),
            *(["verify_whole_ledger"] if is_partnership_officer(caller, policy) else []),
            *(["record_override"] if may_record_override(session, parts, caller) else []),
        ],
    }


def _of_the_rules(session: ReadSession, parts: DecisionParts, caller: Caller, at: datetime) -> Iterator[Line]:
    yield from _drafts(session, parts, caller)
    yield from _agreements(session, caller, at)
    yield from _bars(session, parts, caller, at)


def _line(kind: str, about: str, at: datetime, due: datetime | None, case: str | None = None) -> Line:
    return {
        "kind": kind,
        "about": about,
        "case": case,
        "due_at": None if due is None else rfc3339(due),
        "overdue": due is not None and due <= at,
    }


def _overrides(session: ReadSession, parts: DecisionParts, caller: Caller, at: datetime) -> Iterator[Line]:
    for row in repository.overrides_of_agency(session, caller.agency, _MOST):
        may = may_do(caller, row, at)
        telling_due = row.telling_review_on is not None and row.telling_review_on <= at.date()
        confirm, tell = "confirm" in may, "review_telling" in may and telling_due
        if not (confirm or tell) or kept_out(
            session, parts, caller, row.case_id, row.subjects, Purpose.OVERSIGHT
        ):
            continue
        if confirm:
            due = row.confirm_by or row.valid_until
            yield _line("override_to_confirm", row.id, at, due, row.case_id)
        if tell:
            day = datetime.combine(row.telling_review_on, time(), at.tzinfo)
            yield _line("family_to_be_told", row.id, at, day, row.case_id)


def _break_glass(session: ReadSession, parts: DecisionParts, caller: Caller, at: datetime) -> Iterator[Line]:
    goes_up = goes_up_to(session, parts, caller)
    rows = repository.unreviewed_break_glass(session, caller.agency, at if goes_up else None, _MOST)
    for row in rows:
        is_told = may_see(caller, Relationship.NONE, row, at, partnership_officer=goes_up)
        if not is_told or is_implicated(session, caller, row.subjects, at):
            continue
        if kept_out(session, parts, caller, row.case_id, row.subjects, Purpose.OVERSIGHT):
            continue
        if not may_review(caller, row, at, partnership_officer=goes_up):
            continue
        kind = "break_glass_to_review" if caller.agency == row.agency else "break_glass_overdue_elsewhere"
        yield _line(kind, row.id, at, row.review_due, row.case_id)


def _drafts(session: ReadSession, parts: DecisionParts, caller: Caller) -> Iterator[Line]:
    at = parts.clock()
    for draft, wanted in drafts_to_settle(session, parts, caller):
        yield _line(f"draft_to_{wanted}", draft, at, None)


def _agreements(session: ReadSession, caller: Caller, at: datetime) -> Iterator[Line]:
    for row in repository.agreements_ending(session, caller.agency, at, at + ENDS_SOON):
        yield _line("agreement_ends", row.id, at, row.valid_until)


def _bars(session: ReadSession, parts: DecisionParts, caller: Caller, at: datetime) -> Iterator[Line]:
    for bar in list_bars_in_force(session, parts, caller, False):
        review_on = datetime.combine(datetime.fromisoformat(bar["review_on"]), time(), at.tzinfo)
        due = review_on + _A_DAY_LATER
        if "confirm_lifting" in bar["may"]:
            yield _line("bar_to_lift", bar["id"], at, None, bar["case"])
        elif due <= at + ENDS_SOON:
            yield _line("bar_to_review", bar["id"], at, due, bar["case"])


def _holds(session: ReadSession, caller: Caller, at: datetime) -> Iterator[Line]:
    """What waits for a second person, for whoever may be that, and what should have been looked at again."""
    waiting = list_holds(session, caller, at, HoldsAsk(overdue=False, waiting=True, after=None, limit=_MOST))
    for hold in waiting["holds"]:
        if "confirm" in hold["may"]:
            yield _line("hold_to_confirm", hold["id"], at, datetime.fromisoformat(hold["lapses_at"]))
    listed = list_holds(session, caller, at, HoldsAsk(overdue=True, after=None, limit=_MOST))
    for hold in listed["holds"]:
        if hold["confirmed_at"] is None:
            continue
        day = datetime.combine(datetime.fromisoformat(hold["review_on"]), time(), at.tzinfo)
        yield _line("hold_to_review", hold["id"], at, day)
