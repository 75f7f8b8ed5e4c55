"""Who signed which version of a compact. What they signed, and the signature itself, are entries."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base


class CompactSignature(Base):
    """One signature, once for each agency that records it: a conflict speaks only of what one's own agency
    recorded. ``party`` is ``agency:`` or ``person:`` with the code or id."""

    __tablename__ = "compact_signatures"
    __table_args__ = (Index(None, "entry_id"),)

    compact_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    party: Mapped[str] = mapped_column(String(80), primary_key=True)
    recorded_by: Mapped[str] = mapped_column(String(64), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id"))
