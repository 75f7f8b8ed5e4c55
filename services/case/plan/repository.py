"""SQL about which entries of assessments were carried into a plan, and which goals its actions serve."""

from collections.abc import Iterable

from sqlalchemy import insert, select

from services.case.plan.tables import ActionGoal, CarriedOver
from shared.database import ReadSession, WriteSession


def carried_already(session: ReadSession, case: str, sources: Iterable[str]) -> dict[str, str]:
    """The actions that these source entries became in this case."""
    rows = session.execute(
        select(CarriedOver.source_entry, CarriedOver.entry_id).where(
            CarriedOver.case_id == case, CarriedOver.source_entry.in_(list(sources))
        )
    )
    return {row.source_entry: row.entry_id for row in rows}


def mark_carried(session: WriteSession, case: str, source: str, entry_id: str) -> None:
    session.execute(insert(CarriedOver), {"case_id": case, "source_entry": source, "entry_id": entry_id})


def serve(session: WriteSession, case: str, action: str, goal: str) -> None:
    session.execute(insert(ActionGoal), {"action_id": action, "goal_id": goal, "case_id": case})


def goals_served(session: ReadSession, case: str) -> dict[str, str]:
    """The actions of a case that serve a goal, with the goal of each."""
    rows = session.execute(
        select(ActionGoal.action_id, ActionGoal.goal_id)
        .where(ActionGoal.case_id == case)
        .order_by(ActionGoal.action_id)
    )
    return {row.action_id: row.goal_id for row in rows}
