"""Answers of the family: permission to take part and permission to share, given or refused."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.consent.base import Base
from shared.database import UtcDateTime


class Consent(Base):
    """``sharing_request``: it was given in answer to one, about what ``owner`` holds, and a yes counts as far
    as that agency released it. Otherwise ``owner`` is None: it is about whatever anybody holds.

    ``under``: the recorded authority by which it was given; ``incapacity``: why an attorney or deputy decided
    more than money. ``say_limited``: a court order about its giver
    is recorded. ``set_aside``: the parts of a refusal that a decided conflict set aside. ``continues``: the
    answer of which this is what is left, after a part of it was withdrawn.
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_subject", "subject"),
        Index("ix_consents_case_id", "case_id"),
        Index("ix_consents_sharing_request", "sharing_request"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(36))
    giver: Mapped[str] = mapped_column(String(36))
    capacity: Mapped[str] = mapped_column(String(64))
    competence: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    authority: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answer: Mapped[str] = mapped_column(String(16))
    explained: Mapped[bool] = mapped_column(Boolean)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    wording_version: Mapped[str] = mapped_column(String(300))
    privacy_notice: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    recipients: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    level: Mapped[str] = mapped_column(String(16))
    purposes: Mapped[list[str]] = mapped_column(JSON)
    valid_from: Mapped[datetime | None] = mapped_column(UtcDateTime())
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_by_agency: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_by: Mapped[str | None] = mapped_column(String(36))
    withdrawal_recorded_by: Mapped[str | None] = mapped_column(String(200))
    withdrawal_note: Mapped[str | None] = mapped_column(Text)
    sharing_request: Mapped[str | None] = mapped_column(String(36))
    owner: Mapped[str | None] = mapped_column(String(64))
    may_tip_off: Mapped[str | None] = mapped_column(Text)
    under: Mapped[str | None] = mapped_column(String(36))
    incapacity: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    best_interests: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    say_limited: Mapped[bool] = mapped_column(Boolean)
    set_aside: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    continues: Mapped[str | None] = mapped_column(String(36))


class SpokenWithdrawal(Base):
    """What somebody took back, as it was heard; which answers it ended stands on these."""

    __tablename__ = "withdrawals"
    __table_args__ = (Index("ix_withdrawals_case_id", "case_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(36))
    withdrawn_by: Mapped[str] = mapped_column(String(36))
    recipients: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    categories: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_by_agency: Mapped[str] = mapped_column(String(64))
