"""What happens to agencies and to users' access."""

from typing import Any

from services.consent.agencies import repository
from services.consent.agencies.tables import Agency, Suspension
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import conflict
from shared.records.agencies import NewAgency


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
    if not repository.unknown_agencies(session, [new.code]):
        raise conflict("An agency with this code is there already. Choose another code.")
    session.add(
        Agency(
            code=new.code, name=new.name, kind=new.kind.value, telephone=new.telephone, joined_at=request.at
        )
    )
    return {"code": new.code}


def suspend_user(session: WriteSession, request: WriteRequest, user: str, reason: str) -> Outcome:
    """End everything a user may see, at once and in every agency (design 3.3, "Taking away")."""
    if not repository.is_suspended(session, user):
        session.add(
            Suspension(user=user, suspended_at=request.at, suspended_by=request.caller.user, reason=reason)
        )
    return {"user": user}
