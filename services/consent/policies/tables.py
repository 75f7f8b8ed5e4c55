"""Published policies, immutable and addressed by version; and what comes before a publication."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class PublishedPolicy(Base):
    """``goldens`` are the golden rows it was published with. Who approved it, and on which results
    (``digest``), is unknown only of what a migration published."""

    __tablename__ = "policies"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    goldens: Mapped[list[dict[str, Any]]] = mapped_column(JSON, server_default="[]")
    published_from: Mapped[datetime] = mapped_column(UtcDateTime())
    published_by: Mapped[str] = mapped_column(String(200))
    published_by_agency: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    approved_by: Mapped[str | None] = mapped_column(String(200))
    approved_by_agency: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))
    drafted_from: Mapped[int | None] = mapped_column(Integer)
    restores: Mapped[int | None] = mapped_column(Integer)
    why: Mapped[str | None] = mapped_column(String(300))


class PolicyDraft(Base):
    """``revision`` counts changes; ``authors`` is everybody who wrote any of it, with their agency.

    A draft that ``restores`` a version has its content and is never changed.
    """

    __tablename__ = "policy_drafts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    drafted_from: Mapped[int] = mapped_column(Integer, ForeignKey("policies.version"))
    restores: Mapped[int | None] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(String(300))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    goldens: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(Integer)
    authors: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    published_version: Mapped[int | None] = mapped_column(Integer)


class PolicySimulation(Base):
    """One run over all cases, the ``number``-th of its draft. ``newest`` was the newest version when it
    began, ``against`` the one that the draft is to replace, ``after`` the last case that was counted.
    ``tally`` goes when the results are there.
    """

    __tablename__ = "policy_simulations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    draft: Mapped[str] = mapped_column(String(36), ForeignKey("policy_drafts.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    against: Mapped[int] = mapped_column(Integer)
    newest: Mapped[int] = mapped_column(Integer)
    after: Mapped[str | None] = mapped_column(String(36))
    tally: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    results: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    digest: Mapped[str | None] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime())
    begun_by: Mapped[str] = mapped_column(String(200))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class PolicyApproval(Base):
    """A second person's yes to one digest of a draft and its results."""

    __tablename__ = "policy_approvals"

    draft: Mapped[str] = mapped_column(String(36), ForeignKey("policy_drafts.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    approved_by: Mapped[str] = mapped_column(String(200))
    approved_by_agency: Mapped[str] = mapped_column(String(64))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime())
