"""Who sees to it that a case is looked at again."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base


class ReviewOwner(Base):
    """The owner of a case's next review: a user of an agency, who may have left the team since."""

    __tablename__ = "review_owners"
    __table_args__ = (Index(None, "agency", "user"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str] = mapped_column(String(64))
