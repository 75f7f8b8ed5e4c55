"""What happens where two who may both answer for a child disagree (design 3.2, resolve).

Until it is decided the lower of the two holds, as the decision core sees to by itself. Deciding for the
permission sets the refusal aside as far as the two meet; deciding for the refusal leaves everything as it is.
Only taking part goes on while two disagree about it, and ends, as by a withdrawal, once the no is upheld.
What nobody decides in time, and at once what benefits everybody who could, goes up to the partnership's
officer (``may_see_by_office``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from services.consent.alerts.in_charge import InCharge, answers_differ
from services.consent.alerts.repository import add_alerts, clear
from services.consent.bars.repository import without_barred
from services.consent.break_glass.operations import goes_up_to, is_implicated
from services.consent.conflicts import repository
from services.consent.conflicts.disagreement import (
    Said,
    Scope,
    decides_alone,
    disagree,
    everybody_gains,
)
from services.consent.consents.audience import Reader, may_see_conflict
from services.consent.consents.schemas import FamilyFacts
from services.consent.decision.writing import Doing, Refusal, may_write
from services.consent.decisions.operations import DecisionParts, decide_and_record
from services.consent.ledger.repository import lock_case_chain
from services.consent.messages.operations import tell_of_what_is_shut
from services.consent.messages.shut import shut_by_decision
from services.consent.taking_part.operations import ask_whether_anybody_is_at_risk
from services.consent.withdrawals.scope import Part
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import DecisionAsk
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import conflict as already
from shared.problems import forbidden, not_found
from shared.records.conflicts import ConflictDecision
from shared.vocabulary import Deed, Relationship, Role
from shared.working_days import end_of_working_day

DECIDE_WITHIN_WORKING_DAYS = 5


def note_conflicts(
    session: WriteSession, at: datetime, answer: Mapping[str, Any], family: FamilyFacts
) -> None:
    """Note with whom a new answer disagrees; ``answer`` has the columns of its table."""
    new = Said.of_answer(answer)
    if decides_alone(family.decides_from, at) or not new.for_child:
        return
    for row in repository.answers_about(session, new.subject):
        if not _is_over(row, at):
            _note(session, at, family.in_charge, new, Said.of_answer(row._mapping))
    if new.given:
        for row in repository.exclusions_of(session, new.subject):
            if not _is_over(row, at):
                _note(session, at, family.in_charge, new, Said.of_exclusion(row._mapping), by_exclusion=True)


def note_objection(
    session: WriteSession, at: datetime, exclusion: Mapping[str, Any], family: FamilyFacts
) -> None:
    """Note whose permission a new exclusion goes against; ``exclusion`` has the columns of its table."""
    new = Said.of_exclusion(exclusion)
    if decides_alone(family.decides_from, at) or not new.for_child:
        return
    for row in repository.answers_about(session, new.subject):
        if not _is_over(row, at):
            _note(session, at, family.in_charge, new, Said.of_answer(row._mapping), by_exclusion=True)


def _is_over(row: Any, at: datetime) -> bool:
    return row.valid_until is not None and row.valid_until <= at


def _note(
    session: WriteSession,
    at: datetime,
    in_charge: InCharge,
    new: Said,
    other: Said,
    *,
    by_exclusion: bool = False,
) -> None:
    scope = disagree(new, other)
    if scope is None:
        return
    permission, against = (new, other) if new.given else (other, new)
    noted = new_id()
    repository.add_conflict(
        session,
        id=noted,
        case_id=new.case,
        other_case=other.case,
        subject=new.subject,
        permission=permission.id,
        refusal=None if by_exclusion else against.id,
        exclusion=against.id if by_exclusion else None,
        scope=scope,
        agencies=sorted({new.agency, other.agency}),
        arose_at=at,
        due_at=end_of_working_day(at, DECIDE_WITHIN_WORKING_DAYS),
        decided_at=None,
        decided_by=None,
        decided_by_agency=None,
        upholds=None,
        reason=None,
    )
    party = frozenset({new.agency, other.agency})
    _tell(session, at, in_charge, new, noted, scope, party, by_exclusion=by_exclusion)


def _tell(
    session: WriteSession,
    at: datetime,
    in_charge: InCharge,
    new: Said,
    noted: str,
    scope: Scope,
    party: frozenset[str],
    *,
    by_exclusion: bool,
) -> None:
    """Alert those who decide it and nobody to whom it is not shown (``may_see_conflict``, and bars); whether
    the lead is one of them is looked at when they read it, since they may be another by then.

    Of agencies that an exclusion names the officers find it in the list, and nobody is alerted.
    """
    lead = in_charge.lead
    kept_out = frozenset(scope["recipients"]) if by_exclusion else frozenset[str]()
    at_once = not by_exclusion and everybody_gains(
        party, None if lead is None else lead.agency, scope["recipients"]
    )
    later = end_of_working_day(at, 2 * DECIDE_WITHIN_WORKING_DAYS)
    told = party if lead is None else party | {lead.agency}
    above = in_charge.agencies if lead is None else (lead.agency,)

    def may_know(agency: str) -> bool:
        return agency not in kept_out and bool(
            without_barred(session, "", agency, [new], lambda _: scope["categories"])
        )

    add_alerts(
        session,
        answers_differ(
            in_charge,
            new.case,
            noted,
            at=at,
            due=end_of_working_day(at, DECIDE_WITHIN_WORKING_DAYS),
            partnership_from=at if at_once else later,
            officers_of=[agency for agency in told if may_know(agency)],
            managers_of=[agency for agency in above if may_know(agency)],
        ),
    )


@dataclass(frozen=True, slots=True)
class ConflictsToAlertOf:
    """Of some conflicts those that still wait for a decision, those of which a lead may be told, and those
    that this user's agency does not gain by, so that they may go up to them."""

    to_anybody: frozenset[str]
    to_lead: frozenset[str]
    to_partnership: frozenset[str]


def conflicts_to_alert_of(
    session: ReadSession, ids: Collection[str], user: str, agency: str, at: datetime
) -> ConflictsToAlertOf:
    """Which of these conflicts an alert still asks somebody to look at, and asks this user as a lead."""
    rows = repository.conflicts_by_id(session, ids) if ids else ()
    standing = _standing(session, list(rows))
    waiting = [row for row in rows if _state(row, standing, at) in ("open", "overdue")]
    lead = Reader(user, agency, Role.PRACTITIONER, Relationship.LEAD, {})
    seen = [row for row in waiting if may_see_conflict(lead, row)]
    told = without_barred(session, user, agency, seen, lambda row: row.scope["categories"])
    up = [row for row in waiting if agency not in row.scope["recipients"]]
    up = without_barred(session, user, agency, up, lambda row: row.scope["categories"])
    return ConflictsToAlertOf(*(frozenset(row.id for row in rows) for rows in (waiting, told, up)))


def list_conflicts(session: ReadSession, case: str, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """The conflicts of a case that this reader may see, oldest first; to anybody else there are none."""
    rows = _told(session, repository.conflicts_of_case(session, case), reader)
    standing = _standing(session, rows)
    states = [_state(row, standing, at) for row in rows]
    return [
        _shown(row, state) | {"to_ask": [], "may": _may_uphold(session, row, state, reader)}
        for row, state in zip(rows, states, strict=True)
    ]


def list_for_officer(
    session: WriteSession, parts: DecisionParts, caller: Caller, case: str, ask: DecisionAsk, reader: Reader
) -> dict[str, Any]:
    """The conflicts of a case that an information officer may see, oldest first, and the decision: as anybody
    for whom the case exists, and what has gone up to them whether or not it does."""
    answer = decide_and_record(session, parts, caller, ask)
    at, exists = parts.clock(), any(answer.cases[0].levels)
    shown = list_conflicts(session, case, reader, at) if exists else []
    known = {row["id"] for row in shown}
    rows = [row for row in repository.conflicts_of_case(session, case) if row.id not in known]
    for row in _gone_up(session, parts, caller, rows, reader, at):
        state = _state(row, _standing(session, [row]), at)
        may = _may_uphold(session, row, state, reader)
        shown.append(_shown(row, state) | {"to_ask": row.agencies, "may": may})
    shown.sort(key=lambda row: (row["arose_at"], row["id"]))
    return {"decision": answer.model_dump(mode="json"), "listed": shown}


def _gone_up(
    session: ReadSession,
    parts: DecisionParts,
    caller: Caller,
    rows: Sequence[Any],
    reader: Reader,
    at: datetime,
) -> list[Any]:
    """Of these conflicts the ones that have gone up to this officer, none where a bar or an exclusion by name
    keeps them out: what waits, and what they decided themselves."""
    if not rows or not goes_up_to(session, parts, caller):
        return []
    standing = _standing(session, list(rows))
    up = [
        row
        for row in rows
        if may_see_by_office(reader, row, at)
        and (row.decided_by == caller.user or _state(row, standing, at) in ("open", "overdue"))
        and not is_implicated(session, caller, [row.subject], at)
    ]
    return without_barred(session, caller.user, caller.agency, up, lambda row: row.scope["categories"])


def may_see_by_office(reader: Reader, row: Any, at: datetime) -> bool:
    """Whether a conflict goes up now, to an officer who does not gain by it: it is overdue, or everybody who
    is to decide it gains. One that an objection brought about has time: nobody decides it for the permission.
    """
    if reader.gains_by(row.scope["recipients"]):
        return False
    alone = row.exclusion is None and everybody_gains(
        row.agencies, reader.lead_agency, row.scope["recipients"]
    )
    return alone or bool(row.due_at <= at)


def _may_uphold(session: ReadSession, row: Any, state: str, reader: Reader) -> list[str]:
    """Which of the two answers the reader could decide for and would not be refused."""
    doing = Doing(role=reader.role, relationship=reader.relationship, agency=reader.agency)
    if state not in ("open", "overdue") or isinstance(may_write(Deed.DECIDE_CONFLICT, doing), Refusal):
        return []
    by_exclusion, benefits = row.refusal is None, reader.gains_by(row.scope["recipients"])
    if by_exclusion or benefits or _about_one_owner_alone(session, row):
        return ["refusal"]
    return ["refusal", "permission"]


def _about_one_owner_alone(session: ReadSession, row: Any) -> bool:
    """Whether a permission about one agency's information stands against a refusal about all of it."""
    owners = repository.owners_of(session, [row.refusal, row.permission])
    return owners[row.refusal] is None and owners[row.permission] is not None


def _told(session: ReadSession, conflicts: Sequence[Any], reader: Reader) -> list[Any]:
    theirs = [row for row in conflicts if may_see_conflict(reader, row)]
    return without_barred(session, reader.user, reader.agency, theirs, lambda row: row.scope["categories"])


def _standing(session: ReadSession, rows: list[Any]) -> dict[str, Any]:
    answers = [id_ for row in rows for id_ in (row.permission, row.refusal) if id_ is not None]
    exclusions = [row.exclusion for row in rows if row.exclusion is not None]
    return repository.standing_among(session, answers, exclusions) if rows else {}


def _state(row: Any, standing: Mapping[str, Any], at: datetime) -> str:
    """``open``, ``overdue`` once five working days are over, ``decided``; ``over`` once one of the two is."""
    if row.decided_at is not None:
        return "decided"
    for id_ in (row.permission, row.refusal or row.exclusion):
        if id_ not in standing or (standing[id_] is not None and standing[id_] <= at):
            return "over"
    return "overdue" if row.due_at <= at else "open"


def _shown(row: Any, state: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "subject": row.subject,
        "permission": row.permission,
        "refusal": row.refusal,
        "exclusion": row.exclusion,
        "state": state,
        **row.scope,
        "arose_at": rfc3339(row.arose_at),
        "due_at": rfc3339(row.due_at),
        "decided_at": rfc3339(row.decided_at) if row.decided_at else None,
        "decided_by": row.decided_by,
        "upholds": row.upholds,
        "reason": row.reason,
    }


def decide_conflict(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    conflict_id: str,
    decision: ConflictDecision,
    reader: Reader,
) -> Outcome:
    """Decide which answer stands, once, by somebody whom it does not benefit."""
    lock_case_chain(session, case)
    found = repository.conflict_to_decide(session, case, conflict_id)
    if found is None:
        raise not_found()
    caller, told = request.caller, _told(session, [found], reader)
    if not told and not _gone_up(session, parts, caller, [found], reader, request.at):
        raise not_found()
    if found.decided_at is not None:
        raise already("This has been decided already.")
    if _state(found, _standing(session, [found]), request.at) == "over":
        raise already("One of the two answers is over, so there is nothing left to decide.")
    if decision.upholds == "permission":
        _refuse_to_uphold_permission(found, reader)
        box = {**found.scope, "at": rfc3339(request.at)}
        refusal = repository.answer_of(session, found.refusal or "")
        if _about_one_owner_alone(session, found):
            raise already(
                "The permission is about one agency's information alone; ask who refused once more."
            )
        refusal.set_aside = [*(refusal.set_aside or ()), box]
    elif ends_taking_part(found):
        # Both answers stood until now, so that the team did not come and go with a quarrel.
        permission = repository.answer_of(session, found.permission)
        permission.set_aside = [*(permission.set_aside or ()), {**found.scope, "at": rfc3339(request.at)}]
        ask_whether_anybody_is_at_risk(
            session, parts, request.at, found.case_id, found.permission, reader.in_charge
        )
    if decision.upholds == "refusal" and not ends_taking_part(found):
        tell_of_what_is_shut(session, request.at, found.subject, partial(_shut_of, found))
    found.decided_at = request.at
    found.decided_by = request.caller.user
    found.decided_by_agency = request.caller.agency
    found.upholds = decision.upholds
    found.reason = decision.reason
    clear(session, found.id, request.at)
    takes_away = decision.upholds == "refusal" and ends_taking_part(found)
    return {"id": found.id, "upholds": found.upholds, "takes_away": takes_away}


def _shut_of(found: Any, yes: Any) -> Part | None:
    return shut_by_decision(yes, found.scope) if yes.id == found.permission else None


def ends_taking_part(found: Any) -> bool:
    """Whether the two disagree about taking part: a no that is upheld ends it, as a withdrawal does."""
    return found.refusal is not None and not found.scope["recipients"]


def _refuse_to_uphold_permission(found: Any, reader: Reader) -> None:
    if found.refusal is None:
        raise already("An exclusion is lifted by who asked for it and by nobody else; ask them.")
    if reader.gains_by(found.scope["recipients"]):
        raise forbidden("This must be decided by an agency that it does not benefit.")
