"""Compiled policies by version. A published version never changes, so what was compiled stays good."""

from datetime import datetime

from services.consent.decision.policy import Policy, parse_policy
from services.consent.policies import repository
from shared.database import ReadSession
from shared.problems import Problem


class Policies:
    """The policy in force, read from the database on every decision and compiled once per version."""

    def __init__(self) -> None:
        self._compiled: dict[int, Policy] = {}

    def in_force(self, session: ReadSession, at: datetime) -> tuple[int, Policy]:
        """The version in force and the policy; a 503 problem when there is none or it cannot be read."""
        version = repository.version_in_force(session, at)
        if version is None:
            raise Problem("decision-unavailable", "No policy is in force, so nothing can be shown.")
        if version not in self._compiled:
            self._compiled[version] = self._compile(session, version)
        return version, self._compiled[version]

    def _compile(self, session: ReadSession, version: int) -> Policy:
        try:
            return parse_policy(repository.policy_document(session, version))
        except ValueError:
            raise Problem("decision-unavailable", "The policy in force cannot be read.") from None
