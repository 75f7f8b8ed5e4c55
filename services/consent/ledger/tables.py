"""The disclosure ledger: chains of receipts, and what each receipt mentions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Chain(Base):
    """One chain: of a case (``case:<id>``) or of an agency (``agency:<code>``). ``head`` is its last link."""

    __tablename__ = "chains"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    length: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[str] = mapped_column(String(64))


class Receipt(Base):
    """One decision and what it released. Never content. Never changed, never deleted."""

    __tablename__ = "receipts"
    __table_args__ = (
        Index("ix_receipts_chain_seq", "chain", "seq", unique=True),
        Index("ix_receipts_at_id", "at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    chain: Mapped[str] = mapped_column(String(80), ForeignKey("chains.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    user: Mapped[str] = mapped_column(String(200))
    user_name: Mapped[str] = mapped_column(String(300))
    agency: Mapped[str] = mapped_column(String(64))
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(16))
    deed: Mapped[str | None] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    cases: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    policy_version: Mapped[int] = mapped_column(Integer)
    facts_version: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    link: Mapped[str] = mapped_column(String(64))


class Mention(Base):
    """A case or a person that a receipt speaks of, so that both can be searched."""

    __tablename__ = "mentions"
    # SQLite keeps it as one tree in the order of the key, which is the order in which it is searched.
    __table_args__ = (Index("ix_mentions_receipt", "receipt"), {"sqlite_with_rowid": False})

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    target: Mapped[str] = mapped_column(String(36), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(36), ForeignKey("receipts.id"), primary_key=True)
