"""SQL for what the lead is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.consent.taking_part.tables import RiskQuestion
from shared.database import ReadSession, WriteSession

_COLUMNS = (
    RiskQuestion.id,
    RiskQuestion.asked_at,
    RiskQuestion.due_at,
    RiskQuestion.answered_at,
    RiskQuestion.answered_by_agency,
    RiskQuestion.somebody_at_risk,
    RiskQuestion.considered,
)


def questions_of_case(session: ReadSession, case: str) -> Sequence[Any]:
    statement = select(*_COLUMNS).where(RiskQuestion.case_id == case)
    return session.execute(statement.order_by(RiskQuestion.asked_at, RiskQuestion.id)).all()


def question_to_answer(session: WriteSession, case: str, question: str) -> RiskQuestion | None:
    statement = select(RiskQuestion).where(RiskQuestion.id == question, RiskQuestion.case_id == case)
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def has_open_question(session: ReadSession, case: str) -> bool:
    statement = select(RiskQuestion.id).where(
        RiskQuestion.case_id == case, RiskQuestion.answered_at.is_(None)
    )
    return session.execute(statement.limit(1)).first() is not None


def add_question(
    session: WriteSession, *, id: str, case: str, consent: str, asked_at: datetime, due_at: datetime
) -> None:
    session.add(RiskQuestion(id=id, case_id=case, consent=consent, asked_at=asked_at, due_at=due_at))
    session.flush()
