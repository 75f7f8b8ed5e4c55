"""What happens to agencies and to users' access."""

import asyncio
from typing import Any

from services.consent.agencies import repository
from shared.clock import rfc3339, utc_now
from shared.database import ReadSession, WriteSession, open_store
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import conflict
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


def suspend_user(session: WriteSession, request: WriteRequest, user: str, reason: str) -> Outcome:
    """End everything a user may see, at once and in every agency (design 3.3, "Taking away")."""
    repository.add_suspension(session, user=user, at=request.at, by=request.caller.user, reason=reason)
    return {"user": user}
