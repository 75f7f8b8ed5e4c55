"""All SQL about what must be done before what."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import aliased

from services.case.cases.tables import Case
from services.case.dependencies.tables import ActionDependency
from services.case.promises.tables import Promise
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest


@dataclass(frozen=True, slots=True)
class Needed:
    """A link of a case; ``counts``: it stands in the order of things."""

    action: str
    needs: str
    counts: bool


_OF_CASE = (
    select(ActionDependency.action_id, ActionDependency.needs_id, ActionDependency.counts)
    .where(ActionDependency.case_id == bindparam("case"))
    .order_by(ActionDependency.stated_at, ActionDependency.action_id, ActionDependency.needs_id)
)


def of_case(session: ReadSession, case: str) -> list[Needed]:
    return [Needed(*row) for row in session.execute(_OF_CASE, {"case": case})]


def add(session: WriteSession, request: WriteRequest, case: str, link: Needed) -> None:
    session.execute(
        insert(ActionDependency),
        {
            "action_id": link.action,
            "needs_id": link.needs,
            "case_id": case,
            "counts": link.counts,
            "stated_at": request.at,
            "stated_by_agency": request.caller.agency,
        },
    )


def let_count(session: WriteSession, case: str, link: Needed) -> None:
    session.execute(
        update(ActionDependency)
        .where(
            ActionDependency.case_id == case,
            ActionDependency.action_id == link.action,
            ActionDependency.needs_id == link.needs,
        )
        .values(counts=True)
    )


def remove(session: WriteSession, case: str, action: str, needs: str) -> bool:
    """Take a link away; whether there was one."""
    gone = session.execute(
        delete(ActionDependency)
        .where(
            ActionDependency.case_id == case,
            ActionDependency.action_id == action,
            ActionDependency.needs_id == needs,
        )
        .returning(ActionDependency.action_id)
    )
    return bool(gone.all())


@dataclass(frozen=True, slots=True)
class Endangered:
    """An action that waits for something which is late, will be too late, or will not be."""

    case: str
    action: str
    accountable: str | None
    user: str | None
    needs: str
    needs_accountable: str | None
    needs_user: str | None
    needs_due_on: date
    needs_open: bool
    needed_on: date


_NEVER = ("not_done", "missed", "declined", "ended")


def endangered(session: ReadSession, today: date) -> list[Endangered]:
    """What, in open cases, is not done and cannot be done in time because of what it waits for."""
    waits, first = aliased(Promise), aliased(Promise)
    columns: tuple[Any, ...] = (
        waits.case_id, waits.entry_id, waits.accountable, waits.responsible_user, first.entry_id,
        first.accountable, first.responsible_user, first.due_on, first.open, waits.needed_on,
    )  # fmt: skip
    too_late = and_(first.open.is_(True), or_(first.due_on < today, first.due_on > waits.needed_on))
    rows = session.execute(
        select(*columns)
        .select_from(ActionDependency)
        .join(waits, waits.entry_id == ActionDependency.action_id)
        .join(first, first.entry_id == ActionDependency.needs_id)
        .join(Case, Case.id == ActionDependency.case_id)
        .where(
            Case.state == "open",
            waits.open.is_(True),
            or_(too_late, first.status.in_(_NEVER)),
        )
        .order_by(waits.needed_on, waits.entry_id, first.entry_id)
    )
    return [Endangered(*row) for row in rows]
