"""SQL for published policies."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.consent.policies.tables import PublishedPolicy
from shared.database import ReadSession


def version_in_force(session: ReadSession, at: datetime) -> int | None:
    """The newest version published from a moment that is not after ``at``."""
    statement = (
        select(PublishedPolicy.version)
        .where(PublishedPolicy.published_from <= at)
        .order_by(PublishedPolicy.version.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def policy_document(session: ReadSession, version: int) -> dict[str, Any]:
    statement = select(PublishedPolicy.document).where(PublishedPolicy.version == version)
    document: dict[str, Any] = session.execute(statement).scalar_one()
    return document
