"""All SQL about who owns the next review of a case."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from services.case.reviews.tables import ReviewOwner
from shared.database import ReadSession, WriteSession, among


def set_owner(session: WriteSession, case: str, user: str, agency: str) -> None:
    session.execute(delete(ReviewOwner).where(ReviewOwner.case_id == case))
    session.execute(insert(ReviewOwner), {"case_id": case, "user": user, "agency": agency})


def is_owned(session: ReadSession, case: str) -> bool:
    return case in owners_of(session, [case])


def owners_of(session: ReadSession, cases: Collection[str]) -> dict[str, tuple[str, str]]:
    """By case the user and agency that own its next review."""
    rows = session.execute(
        select(ReviewOwner.case_id, ReviewOwner.user, ReviewOwner.agency).where(
            among(ReviewOwner.__table__.c.case_id, "cases")
        ),
        {"cases": list(cases)},
    )
    return {row.case_id: (row.user, row.agency) for row in rows}
