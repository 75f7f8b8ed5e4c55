"""Steps that several stories take to meet: planning, inviting, saying who came."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from deploy.demo_people import USERS
from deploy.stories.client import Session
from shared.clock import Clock, rfc3339, utc_now

BEGINS_IN = timedelta(seconds=5)
"""A meeting lies ahead when it is planned; who is there may be said soon before it begins."""


async def plan_meeting(session: Session, case: str, title: str, clock: Clock = utc_now, **more: Any) -> str:
    """A meeting that begins in a moment, with the acting user in the chair; gives its id."""
    body = {"meeting_kind": "team_meeting", "title": title, "starts_at": rfc3339(clock() + BEGINS_IN), **more}
    meeting: str = (await session.post(f"/v1/cases/{case}/meetings", body))["id"]
    return meeting


async def invite(
    session: Session,
    case: str,
    meeting: str,
    user: str,
    *,
    agency: str | None = None,
    role: str | None = None,
) -> str:
    """Ask a demo user to come; gives the invitation's id."""
    asked = USERS[user]
    agency_of, role_of = asked.memberships[0]
    body = {"user": user, "name": asked.name, "agency": agency or agency_of, "role": role or role_of}
    invitation: str = (await session.post(f"/v1/cases/{case}/meetings/{meeting}/invitations", body))["id"]
    return invitation


async def came(session: Session, case: str, meeting: str, invitations: Sequence[str], *parts: Any) -> None:
    """Say who is there, and for each confidential part who is there for that."""
    body = {"present": list(invitations), "confidential_parts": list(parts)}
    await session.post(f"/v1/cases/{case}/meetings/{meeting}/attendance", body)


async def close(session: Session, case: str, meeting: str) -> Any:
    """The meeting is over; answers when what the invitations opened is shut."""
    return await session.post(f"/v1/cases/{case}/meetings/{meeting}/closing")
