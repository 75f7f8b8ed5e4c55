"""Whether a family takes part, and what the lead is asked once it no longer does (design 3.2)."""

from datetime import datetime
from typing import Any

from services.consent.alerts.in_charge import InCharge, risk_question
from services.consent.alerts.repository import add_alerts, clear
from services.consent.authorities.repository import authorities_about
from services.consent.consents.repository import consents_of_cases
from services.consent.decisions import facts_of
from services.consent.decisions.operations import DecisionParts
from services.consent.decisions.what_stands import Recorded
from services.consent.ledger.repository import lock_case_chain
from services.consent.taking_part import repository
from services.consent.taking_part.schemas import AnsweredAsk, TakingPartAsk
from shared.clock import microseconds, rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, not_found
from shared.records.taking_part import RiskAnswer
from shared.vocabulary import ConsentKind
from shared.working_days import end_of_working_day

ANSWER_WITHIN_WORKING_DAYS = 1


def ask_whether_anybody_is_at_risk(
    session: WriteSession, parts: DecisionParts, at: datetime, case: str, consent: str, in_charge: InCharge
) -> None:
    """Ask the lead, unless a question is open already; they have until the end of the next working day.

    They are alerted, and once it is overdue their manager and the partnership officers are (design 3.2).
    """
    if repository.has_open_question(session, case):
        return
    due = end_of_working_day(at, ANSWER_WITHIN_WORKING_DAYS)
    question = new_id()
    repository.add_question(session, id=question, case=case, consent=consent, asked_at=at, due_at=due)
    officers = parts.policies.in_force(session, at)[1].partnership_officers
    add_alerts(
        session,
        risk_question(in_charge, case, question, asked=at, due=due, partnership_officers=officers),
    )


def read_taking_part(
    session: ReadSession, parts: DecisionParts, case: str, ask: TakingPartAsk
) -> dict[str, Any]:
    """Whether the family takes part, whether it has ended that, and for the lead what is asked of them."""
    at = parts.clock()
    rows = consents_of_cases(session, [case])
    authorities = authorities_about(session, sorted({row.subject for row in rows})) if rows else ()
    now = microseconds(at)
    said = facts_of.taking_part(
        rows,
        Recorded.of(authorities, rows, now, ask.subjects),
        {asked.id: facts_of.subject(asked) for asked in ask.subjects},
        now,
        parts.margin,
    )
    questions = repository.questions_of_case(session, case) if ask.answers_questions else ()
    return {
        "takes_part": said.agreed,
        "ended": bool(said.ended),
        "questions": [_shown(row, at) for row in questions],
    }


def answered(session: ReadSession, ask: AnsweredAsk) -> dict[str, list[str]]:
    """Of these cases those in which somebody said yes or no to taking part, whatever became of it."""
    rows = consents_of_cases(session, ask.cases) if ask.cases else ()
    return {"answered": sorted({row.case_id for row in rows if row.kind == ConsentKind.TAKE_PART})}


def _shown(row: Any, at: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "asked_at": rfc3339(row.asked_at),
        "due_at": rfc3339(row.due_at),
        "overdue": row.answered_at is None and row.due_at <= at,
        "answered_at": rfc3339(row.answered_at) if row.answered_at else None,
        "answered_by_agency": row.answered_by_agency,
        "somebody_at_risk": row.somebody_at_risk,
        "considered": row.considered,
    }


def answer_risk_question(
    session: WriteSession, request: WriteRequest, case: str, question_id: str, answer: RiskAnswer
) -> Outcome:
    """Record whether anybody is at risk now that the family has left; once."""
    lock_case_chain(session, case)
    question = repository.question_to_answer(session, case, question_id)
    if question is None:
        raise not_found()
    if question.answered_at is not None:
        raise conflict("This has been answered already.")
    question.answered_at = request.at
    question.answered_by = request.caller.user
    question.answered_by_agency = request.caller.agency
    question.somebody_at_risk = answer.somebody_at_risk
    question.considered = answer.considered
    clear(session, question.id, request.at)
    return {"id": question.id}
