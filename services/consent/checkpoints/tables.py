"""Checkpoints, and the receipt of each chain up to which one of them reaches."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Checkpoint(Base):
    """One checkpoint, itself a link: ``link`` is the root that stands in the statement handed out.

    ``total`` is the sum over everything that this one and all before it cover (``cover.py``).
    """

    __tablename__ = "checkpoints"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    total: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    link: Mapped[str] = mapped_column(String(64))


class Covered(Base):
    """How long a chain was when a checkpoint was made, where it had grown since the one before."""

    __tablename__ = "covered"
    __table_args__ = ({"sqlite_with_rowid": False},)

    chain: Mapped[str] = mapped_column(String(80), primary_key=True)
    length: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    checkpoint: Mapped[int] = mapped_column(Integer, ForeignKey("checkpoints.seq"))
