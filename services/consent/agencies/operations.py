"""What happens to agencies and to users' access."""

import asyncio
from datetime import datetime
from typing import Any

from services.consent.agencies import repository
from services.consent.decisions.operations import DecisionParts
from services.consent.ledger.officers import speaks_for_partnership
from services.consent.ledger.repository import agency_chain, lock_chain
from shared.clock import rfc3339, utc_now
from shared.database import ReadSession, WriteSession, open_store
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import conflict, forbidden, not_found
from shared.records.agencies import NewAgency
from shared.vocabulary import AgencyKind, Role


def list_agencies(session: ReadSession) -> list[dict[str, Any]]:
    return [
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "telephone": row.telephone,
            "joined_at": rfc3339(row.joined_at),
        }
        for row in repository.all_agencies(session)
    ]


def add_agency(session: WriteSession, request: WriteRequest, new: NewAgency) -> Outcome:
    """Add an agency; its code is for ever, since entries and receipts name it."""
    added = repository.add_agency(
        session,
        code=new.code,
        name=new.name,
        kind=new.kind.value,
        telephone=new.telephone,
        joined_at=request.at,
    )
    if not added:
        raise conflict("An agency with this code is there already. Choose another code.")
    return {"code": new.code}


def add_first_agency(database_url: str, code: str, kind: str, name: str) -> None:
    """Add an agency from the command line: somebody must be able to let the first officer in.

    Adding one that is there already changes nothing.
    """
    caller = Caller("command line", "command line", code, Role.INFORMATION_OFFICER)
    request = WriteRequest(caller, utc_now(), None, "")
    asyncio.run(
        _add_if_missing(database_url, request, NewAgency(code=code, kind=AgencyKind(kind), name=name))
    )


async def _add_if_missing(database_url: str, request: WriteRequest, new: NewAgency) -> None:
    store = open_store(database_url)
    try:
        if await store.read(repository.unknown_agencies, [new.code]):
            await store.write(add_agency, request, new)
    finally:
        await store.close()


def suspend_user(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    user: str,
    reason: str,
    name: str | None = None,
) -> Outcome:
    """End what a user may see, at once: acting for the officer's agency, or for any where the officer speaks
    for the partnership (design 3.3, "Taking away"). Where they are suspended so already, the first reason
    and name stand."""
    agency = _reach_of(session, request, parts)
    lock_chain(session, agency_chain(request.caller.agency))
    in_force = repository.suspensions_in_force(session, user, agency)
    suspension = in_force[0].id if in_force else new_id()
    if not in_force:
        repository.add_suspension(
            session,
            id=suspension,
            user=user,
            user_name=name,
            agency=agency,
            suspended_at=request.at,
            suspended_by=request.caller.user,
            suspended_by_name=request.caller.name,
            reason=reason,
            lifted_at=None,
            lifted_by=None,
            lifting_reason=None,
        )
    return {"user": user, "suspension": suspension, "for_agency": agency}


def lift_suspension(
    session: WriteSession, request: WriteRequest, parts: DecisionParts, user: str, reason: str
) -> Outcome:
    """Let a user in again, as far as an officer of this one's reach kept them out; never oneself.

    What another agency's officer, or the partnership's, said stays, and that it is there is not told. The
    answer names what was lifted, for those who were told of it.
    """
    if request.caller.user == user:
        raise forbidden("Nobody lifts their own suspension; ask another information officer.")
    agency = _reach_of(session, request, parts)
    suspensions = list(repository.suspensions_in_force(session, user, agency))
    if not suspensions:
        raise not_found()
    for suspension in suspensions:
        suspension.lifted_at = request.at
        suspension.lifted_by = request.caller.user
        suspension.lifting_reason = reason
    return {"user": user, "suspensions": [suspension.id for suspension in suspensions]}


def list_suspensions(session: ReadSession, parts: DecisionParts, caller: Caller) -> dict[str, Any]:
    """Whom this officer's office stopped and did not let in again: for the own agency, or for every one."""
    rows = repository.suspensions_by(session, _reach(session, parts, caller, parts.clock()))
    return {
        "suspensions": [
            {
                "user": row.user,
                "user_name": row.user_name,
                "suspended_at": rfc3339(row.suspended_at),
                "suspended_by": row.suspended_by,
                "suspended_by_name": row.suspended_by_name,
                "reason": row.reason,
                "may": ["lift"] if row.user != caller.user else [],
            }
            for row in rows
        ]
    }


def _reach_of(session: ReadSession, request: WriteRequest, parts: DecisionParts) -> str | None:
    return _reach(session, parts, request.caller, request.at)


def _reach(session: ReadSession, parts: DecisionParts, caller: Caller, at: datetime) -> str | None:
    """For which agency this officer suspends and lifts; None for every one."""
    _, policy = parts.policies.in_force(session, at)
    own = repository.agencies_named(session, [caller.agency])
    kind = own[0].kind if own else None
    return None if speaks_for_partnership(caller, kind, policy) else caller.agency
