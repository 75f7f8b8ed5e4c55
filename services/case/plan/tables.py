"""Which entries of assessments were carried into which plan, and which goals its actions serve."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base


class CarriedOver(Base):
    """An entry of an assessment becomes an action or a goal of a case once, however often it is sent."""

    __tablename__ = "carried_over"
    __table_args__ = (Index(None, "entry_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    source_entry: Mapped[str] = mapped_column(String(36), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"))


class ActionGoal(Base):
    """Which goal an action serves: beside the entries, so that neither tells of the other."""

    __tablename__ = "action_goals"
    __table_args__ = (Index(None, "case_id"), Index(None, "goal_id"))

    action_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    goal_id: Mapped[str] = mapped_column(ForeignKey("entries.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
