"""What must be done before what: "housing before release"."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class ActionDependency(Base):
    """``action_id`` waits for ``needs_id``. Beside the entries and not in them: who sees one action need not
    see the other, and may not learn from the one that there is another (design 3.5).

    ``counts`` is false for a link that would close a circle through something that its author cannot see: it
    was not refused, because that would have told them; it is kept, and what counts stays free of circles.
    """

    __tablename__ = "action_dependencies"
    __table_args__ = (
        CheckConstraint("action_id <> needs_id", name="another"),
        Index(None, "case_id"),
        Index(None, "needs_id"),
    )

    action_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    needs_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    counts: Mapped[bool]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime())
    stated_by_agency: Mapped[str] = mapped_column(String(64))
