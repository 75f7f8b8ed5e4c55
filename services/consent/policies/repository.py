"""SQL for policies: those that are published, from the database on every decision, and their drafts.

A published version never changes, so what was compiled stays good.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache, reduce
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from services.consent.decision.meet import meet
from services.consent.decision.policy import Policy, parse_policy
from services.consent.policies.tables import PolicyApproval, PolicyDraft, PolicySimulation, PublishedPolicy
from shared.database import ReadSession, WriteSession
from shared.problems import Problem

_policy = PublishedPolicy.__table__.c
_NOW_IN_FORCE = (
    select(func.max(_policy.version))
    .where(_policy.published_from <= bindparam("at", type_=_policy.published_from.type))
    .scalar_subquery()
)
_COUNTING = (
    select(_policy.version)
    .where(
        _policy.published_from <= bindparam("soon", type_=_policy.published_from.type),
        _policy.version >= _NOW_IN_FORCE,
    )
    .order_by(_policy.version)
)


def versions_counting(session: ReadSession, at: datetime, margin: timedelta) -> list[int]:
    """The newest version published from a moment that is not after ``at``, and those that follow it until
    ``margin`` later; none before the first."""
    asked = {"at": at, "soon": at + margin}
    return list(session.connection().execute(_COUNTING, asked).scalars())


def policy_document(session: ReadSession, version: int) -> dict[str, Any]:
    statement = select(PublishedPolicy.document).where(PublishedPolicy.version == version)
    document: dict[str, Any] = session.execute(statement).scalar_one()
    return document


class Policies:
    """The policy in force, read from the database on every decision and compiled once per version.

    ``margin`` is D: a version that follows within it counts already for whatever it takes away, so that no
    answer under the old one is still on its way when it begins, and not yet for what it gives.
    """

    def __init__(self, margin: timedelta) -> None:
        self._margin = margin
        self._compiled: dict[int, Policy] = {}
        self._met: dict[tuple[int, ...], Policy] = {}

    def in_force(self, session: ReadSession, at: datetime) -> tuple[int, Policy]:
        """The version in force and the policy; a 503 problem when there is none or it cannot be read."""
        versions = versions_counting(session, at, self._margin)
        if not versions:
            raise Problem("decision-unavailable", "No policy is in force, so nothing can be shown.")
        if len(versions) == 1:
            return versions[0], self.of_version(session, versions[0])
        key = tuple(versions)
        if key not in self._met:
            self._met[key] = reduce(meet, (self.of_version(session, version) for version in versions))
        return versions[0], self._met[key]

    def of_version(self, session: ReadSession, version: int) -> Policy:
        """A published version, compiled; a 503 problem when it cannot be read."""
        if version not in self._compiled:
            self._compiled[version] = self._compile(session, version)
        return self._compiled[version]

    def _compile(self, session: ReadSession, version: int) -> Policy:
        try:
            return _compiled(orjson.dumps(policy_document(session, version)))
        except ValueError:
            raise Problem("decision-unavailable", "The policy in force cannot be read.") from None


@lru_cache(maxsize=8)
def _compiled(document: bytes) -> Policy:
    """Of the same words the same policy, however many services of one process read it (measured: 10 ms)."""
    return parse_policy(orjson.loads(document))


def all_versions(session: ReadSession) -> Sequence[Row[Any]]:
    """Every published version, oldest first, without its document."""
    columns = [column for column in PublishedPolicy.__table__.c if column.name not in ("document", "goldens")]
    return session.execute(select(*columns).order_by(PublishedPolicy.version)).all()


def published(session: ReadSession, version: int) -> Row[Any] | None:
    """One published version with everything."""
    table = PublishedPolicy.__table__
    return session.execute(select(table).where(table.c.version == version)).one_or_none()


def lock_versions(session: WriteSession) -> None:
    """Let nobody else publish until this transaction ends. What is read after it was committed before."""
    session.execute(select(PublishedPolicy.version).order_by(PublishedPolicy.version).with_for_update()).all()


def add_version(session: WriteSession, **columns: Any) -> None:
    """Publish; ``columns`` are those of the table."""
    session.execute(insert(PublishedPolicy), columns)


# --- drafts


def add_draft(session: WriteSession, **columns: Any) -> None:
    session.execute(insert(PolicyDraft), columns)


def all_drafts(session: ReadSession) -> Sequence[Row[Any]]:
    """Every draft, newest first, without its document."""
    columns = [column for column in PolicyDraft.__table__.c if column.name not in ("document", "goldens")]
    order = (PolicyDraft.created_at.desc(), PolicyDraft.id)
    return session.execute(select(*columns).order_by(*order)).all()


def draft(session: ReadSession, id: str) -> Row[Any] | None:
    table = PolicyDraft.__table__
    return session.execute(select(table).where(table.c.id == id)).one_or_none()


def lock_draft(session: WriteSession, id: str) -> Row[Any] | None:
    """A draft that no other transaction changes, simulates or approves until this one ends."""
    table = PolicyDraft.__table__
    return session.execute(select(table).where(table.c.id == id).with_for_update()).one_or_none()


def change_draft(session: WriteSession, id: str, **columns: Any) -> None:
    session.execute(update(PolicyDraft).where(PolicyDraft.id == id).values(**columns))


def remove_draft(session: WriteSession, id: str) -> None:
    """A draft that was never published, with all that hangs on it."""
    session.execute(delete(PolicyApproval).where(PolicyApproval.draft == id))
    session.execute(delete(PolicySimulation).where(PolicySimulation.draft == id))
    session.execute(delete(PolicyDraft).where(PolicyDraft.id == id))


# --- simulations and approvals


def add_simulation(session: WriteSession, **columns: Any) -> None:
    session.execute(insert(PolicySimulation), columns)


def newest_simulation(session: ReadSession, draft: str, revision: int) -> Row[Any] | None:
    """The simulation of a draft as it now stands that was begun last."""
    table = PolicySimulation.__table__
    of_draft = select(table).where(table.c.draft == draft, table.c.revision == revision)
    return session.execute(of_draft.order_by(table.c.number.desc()).limit(1)).one_or_none()


def simulations_of(session: ReadSession, draft: str) -> int:
    """How many there were of a draft, in any state of it."""
    of_draft = select(func.count()).where(PolicySimulation.draft == draft)
    return session.execute(of_draft).scalar_one()


def simulation(session: ReadSession, draft: str, id: str) -> Row[Any] | None:
    table = PolicySimulation.__table__
    return session.execute(select(table).where(table.c.id == id, table.c.draft == draft)).one_or_none()


def change_simulation(session: WriteSession, id: str, **columns: Any) -> None:
    session.execute(update(PolicySimulation).where(PolicySimulation.id == id).values(**columns))


def approval(session: ReadSession, draft: str, digest: str) -> Row[Any] | None:
    table = PolicyApproval.__table__
    of_digest = select(table).where(table.c.draft == draft, table.c.digest == digest)
    return session.execute(of_digest).one_or_none()


def add_approval(session: WriteSession, **columns: Any) -> None:
    session.execute(insert(PolicyApproval), columns)
