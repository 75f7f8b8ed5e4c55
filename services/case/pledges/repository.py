"""SQL about pledges: which are late, and who was in the chair."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from services.case.cases.tables import Case
from services.case.meetings.tables import Meeting, Pledge
from services.case.promises.tables import Promise
from shared.database import ReadSession


@dataclass(frozen=True, slots=True)
class LatePledge:
    """A pledge that should have been kept by now, and who chaired the meeting at which it was given."""

    entry: str
    case: str
    due_on: date
    chair_agency: str
    chair_user: str


def late(session: ReadSession, today: date) -> list[LatePledge]:
    """What was pledged for a day before that one and is owed still, in open cases."""
    rows = session.execute(
        select(Promise.entry_id, Promise.case_id, Promise.due_on, Meeting.chair_agency, Meeting.chair_user)
        .join(Pledge, Pledge.entry_id == Promise.entry_id)
        .join(Meeting, Meeting.entry_id == Pledge.meeting_id)
        .join(Case, Case.id == Promise.case_id)
        .where(Promise.open.is_(True), Promise.due_on < today, Case.state == "open")
        .order_by(Promise.due_on, Promise.entry_id)
    )
    return [LatePledge(*row) for row in rows]
