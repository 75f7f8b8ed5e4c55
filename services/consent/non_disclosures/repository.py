"""SQL for decisions not to share."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.consent.non_disclosures.tables import NonDisclosure
from shared.database import ReadSession, WriteSession

_COLUMNS = tuple(NonDisclosure.__table__.c)


def add_non_disclosure(session: WriteSession, **columns: Any) -> None:
    """Store a decision; ``columns`` are those of the table."""
    session.add(NonDisclosure(**columns))


def non_disclosure_to_confirm(session: WriteSession, case: str, agency: str, id: str) -> NonDisclosure | None:
    """A decision of this agency about this case, locked until the transaction ends."""
    statement = select(NonDisclosure).where(
        NonDisclosure.id == id, NonDisclosure.case_id == case, NonDisclosure.agency == agency
    )
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def non_disclosures_of(session: ReadSession, case: str, agency: str) -> Sequence[Any]:
    statement = select(*_COLUMNS).where(NonDisclosure.case_id == case, NonDisclosure.agency == agency)
    return session.execute(statement.order_by(NonDisclosure.recorded_at, NonDisclosure.id)).all()
