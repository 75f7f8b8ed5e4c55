"""Published policies: from the database on every decision, compiled once per version.

A published version never changes, so what was compiled stays good.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.consent.decision.policy import Policy, parse_policy
from services.consent.policies.tables import PublishedPolicy
from shared.database import ReadSession
from shared.problems import Problem

_policy = PublishedPolicy.__table__.c
_IN_FORCE = (
    select(_policy.version)
    .where(_policy.published_from <= bindparam("at", type_=_policy.published_from.type))
    .order_by(_policy.version.desc())
    .limit(1)
)


def version_in_force(session: ReadSession, at: datetime) -> int | None:
    """The newest version published from a moment that is not after ``at``."""
    return session.connection().execute(_IN_FORCE, {"at": at}).scalar_one_or_none()


def policy_document(session: ReadSession, version: int) -> dict[str, Any]:
    statement = select(PublishedPolicy.document).where(PublishedPolicy.version == version)
    document: dict[str, Any] = session.execute(statement).scalar_one()
    return document


class Policies:
    """The policy in force, read from the database on every decision and compiled once per version."""

    def __init__(self) -> None:
        self._compiled: dict[int, Policy] = {}

    def in_force(self, session: ReadSession, at: datetime) -> tuple[int, Policy]:
        """The version in force and the policy; a 503 problem when there is none or it cannot be read."""
        version = version_in_force(session, at)
        if version is None:
            raise Problem("decision-unavailable", "No policy is in force, so nothing can be shown.")
        if version not in self._compiled:
            self._compiled[version] = self._compile(session, version)
        return version, self._compiled[version]

    def _compile(self, session: ReadSession, version: int) -> Policy:
        try:
            return parse_policy(policy_document(session, version))
        except ValueError:
            raise Problem("decision-unavailable", "The policy in force cannot be read.") from None
