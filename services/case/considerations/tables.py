"""Who considers a case without being on its team: asked by a referral, or invited to a panel."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.case.base import Base
from shared.database import UtcDateTime


class Consideration(Base):
    """Who acts in a ``role`` for an agency (one ``user``, or everybody) may look at a case to answer.

    ``because``: the id of the referral or invitation that asks them. It ends with the answer (design 3.1).
    """

    __tablename__ = "considerations"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "because"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    agency: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(40))
    user: Mapped[str | None] = mapped_column(String(200))
    because: Mapped[str] = mapped_column(String(36))
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    until: Mapped[datetime | None] = mapped_column(UtcDateTime())
