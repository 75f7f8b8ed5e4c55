"""All SQL about meetings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, true, update

from services.case.cases.tables import Case
from services.case.entries.tables import EntryRow
from services.case.meetings.tables import AgendaItem, Invitation, Meeting, Paper, PartAttendance, Pledge
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting as it stands, without what it is about."""

    id: str
    case: str
    state: str
    starts_at: datetime
    chair_agency: str
    chair_user: str


@dataclass(frozen=True, slots=True)
class OfFamily:
    """An invitation of somebody of the family as it stands; ``invited_by``: the agency that asked them, where
    it is known."""

    id: str
    person: str
    state: str
    invited_by: str | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation of somebody of an agency as it stands."""

    id: str
    user: str
    name: str
    agency: str
    role: str
    state: str


_PLANNED = (
    Meeting.entry_id, Meeting.case_id, Meeting.state, Meeting.starts_at, Meeting.chair_agency,
    Meeting.chair_user,
)  # fmt: skip
_INVITED: tuple[Any, ...] = (
    Invitation.id, Invitation.user, Invitation.name, Invitation.agency, Invitation.role, Invitation.state,
)  # fmt: skip


def add_meeting(
    session: WriteSession, request: WriteRequest, entry_id: str, case: str, state: str, starts_at: datetime
) -> None:
    session.execute(
        insert(Meeting),
        {
            "entry_id": entry_id,
            "case_id": case,
            "state": state,
            "starts_at": starts_at,
            "chair_agency": request.caller.agency,
            "chair_user": request.caller.user,
        },
    )


def find_meeting(session: ReadSession, case: str, id: str) -> Planned | None:
    row = session.execute(
        select(*_PLANNED).where(Meeting.entry_id == id, Meeting.case_id == case)
    ).one_or_none()
    return None if row is None else Planned(*row)


def meetings_of(session: ReadSession, case: str) -> list[Planned]:
    rows = session.execute(
        select(*_PLANNED).where(Meeting.case_id == case).order_by(Meeting.starts_at, Meeting.entry_id)
    )
    return [Planned(*row) for row in rows]


def set_state(session: WriteSession, id: str, state: str) -> None:
    session.execute(update(Meeting).where(Meeting.entry_id == id).values(state=state))


def set_chair(session: WriteSession, id: str, user: str, agency: str) -> None:
    session.execute(
        update(Meeting).where(Meeting.entry_id == id).values(chair_user=user, chair_agency=agency)
    )


def chaired_by(session: ReadSession, user: str, agency: str | None, states: Iterable[str]) -> list[Planned]:
    """Meetings in one of these states, of open cases, of which a user is in the chair: for one agency or
    (None) for any."""
    rows = session.execute(
        select(*_PLANNED)
        .join(Case, Case.id == Meeting.case_id)
        .where(
            Meeting.chair_user == user,
            true() if agency is None else Meeting.chair_agency == agency,
            Meeting.state.in_(list(states)),
            Case.state == "open",
        )
        .order_by(Meeting.entry_id)
    )
    return [Planned(*row) for row in rows]


def add_item(
    session: WriteSession,
    entry_id: str,
    meeting: str,
    papers: Iterable[str],
    *,
    confidential: bool,
    invitation: str | None = None,
) -> None:
    """``invitation``: of whom of the family it holds what they sent themselves."""
    item = {"entry_id": entry_id, "meeting_id": meeting, "confidential": confidential}
    session.execute(insert(AgendaItem), {**item, "invitation_id": invitation})
    rows = [{"item_id": entry_id, "entry_id": paper} for paper in dict.fromkeys(papers)]
    if rows:
        session.execute(insert(Paper), rows)


def items_from(session: ReadSession, invitation: str) -> list[str]:
    """The items with what somebody of the family sent themselves, in the order in which they came."""
    return list(
        session.scalars(
            select(AgendaItem.entry_id)
            .join(EntryRow, EntryRow.id == AgendaItem.entry_id)
            .where(AgendaItem.invitation_id == invitation)
            .order_by(EntryRow.recorded_at, EntryRow.id)
        )
    )


def confidential_items(session: ReadSession, meeting: str) -> set[str]:
    return set(
        session.scalars(
            select(AgendaItem.entry_id).where(
                AgendaItem.meeting_id == meeting, AgendaItem.confidential.is_(True)
            )
        )
    )


def agenda_of(session: ReadSession, meeting: str) -> dict[str, dict[str, Any]]:
    """By item whether it is confidential, its papers, and who was there for it."""
    items = session.execute(
        select(AgendaItem.entry_id, AgendaItem.confidential).where(AgendaItem.meeting_id == meeting)
    )
    agenda: dict[str, dict[str, Any]] = {
        row.entry_id: {"confidential": row.confidential, "papers": [], "present": []} for row in items
    }
    papers = session.execute(
        select(Paper.item_id, Paper.entry_id)
        .join(AgendaItem, AgendaItem.entry_id == Paper.item_id)
        .where(AgendaItem.meeting_id == meeting)
        .order_by(Paper.entry_id)
    )
    for row in papers:
        agenda[row.item_id]["papers"].append(row.entry_id)
    there = session.execute(
        select(PartAttendance.item_id, PartAttendance.invitation_id)
        .join(AgendaItem, AgendaItem.entry_id == PartAttendance.item_id)
        .where(AgendaItem.meeting_id == meeting)
    )
    for row in there:
        agenda[row.item_id]["present"].append(row.invitation_id)
    return agenda


def set_part(
    session: WriteSession, item: str, invitations: Iterable[str], untouched: Collection[str]
) -> None:
    """Who was there for a confidential item; what is kept of these others stays as it was."""
    session.execute(
        delete(PartAttendance).where(
            PartAttendance.item_id == item, PartAttendance.invitation_id.not_in(list(untouched))
        )
    )
    rows = [{"item_id": item, "invitation_id": one} for one in dict.fromkeys(invitations)]
    if rows:
        session.execute(insert(PartAttendance), rows)


def add_invitation(session: WriteSession, request: WriteRequest, meeting: str, invited: Invited) -> None:
    session.execute(
        insert(Invitation),
        {
            "id": invited.id,
            "meeting_id": meeting,
            "user": invited.user,
            "name": invited.name,
            "agency": invited.agency,
            "role": invited.role,
            "person_id": None,
            "state": invited.state,
            "invited_at": request.at,
            "answered_at": None,
        },
    )


def add_of_family(session: WriteSession, request: WriteRequest, meeting: str, invited: OfFamily) -> None:
    nobodys = dict.fromkeys(("user", "name", "agency", "role"))
    row = {"id": invited.id, "meeting_id": meeting, "person_id": invited.person, "state": invited.state}
    asked = {"invited_by": invited.invited_by, "invited_at": request.at, "answered_at": None}
    session.execute(insert(Invitation), {**nobodys, **row, **asked})


def set_invited_by(session: WriteSession, id: str, agency: str) -> None:
    session.execute(update(Invitation).where(Invitation.id == id).values(invited_by=agency))


def new_of_family(person: str, state: str, invited_by: str) -> OfFamily:
    return OfFamily(new_id(), person, state, invited_by)


def family_of(session: ReadSession, meetings: Sequence[str]) -> dict[str, list[OfFamily]]:
    """Who of the family is invited to each of these meetings, in the order of invitation."""
    found: dict[str, list[OfFamily]] = {meeting: [] for meeting in meetings}
    rows = session.execute(
        select(
            Invitation.meeting_id,
            Invitation.id,
            Invitation.person_id,
            Invitation.state,
            Invitation.invited_by,
        )
        .where(Invitation.meeting_id.in_(list(meetings)), Invitation.person_id.is_not(None))
        .order_by(Invitation.invited_at, Invitation.id)
    )
    for row in rows:
        found[row.meeting_id].append(OfFamily(row.id, row.person_id or "", row.state, row.invited_by))
    return found


def new_invitation(user: str, name: str, agency: str, role: str, state: str) -> Invited:
    return Invited(new_id(), user, name, agency, role, state)


def ask_again(session: WriteSession, request: WriteRequest, invited: Invited) -> None:
    """Invite somebody anew who had sent apologies, in the role in which they are asked this time."""
    session.execute(
        update(Invitation)
        .where(Invitation.id == invited.id)
        .values(role=invited.role, state=invited.state, invited_at=request.at, answered_at=None)
    )


def invitations_of(session: ReadSession, meetings: Sequence[str]) -> dict[str, list[Invited]]:
    """Who of which agency is invited to each of these meetings, in the order of invitation."""
    found: dict[str, list[Invited]] = {meeting: [] for meeting in meetings}
    rows = session.execute(
        select(Invitation.meeting_id, *_INVITED)
        .where(Invitation.meeting_id.in_(list(meetings)), Invitation.person_id.is_(None))
        .order_by(Invitation.invited_at, Invitation.name, Invitation.id)
    )
    for row in rows:
        found[row[0]].append(Invited(*row[1:]))
    return found


def set_invitation(session: WriteSession, id: str, state: str, answered_at: datetime | None = None) -> None:
    changed: Mapping[str, Any] = {"state": state} | ({"answered_at": answered_at} if answered_at else {})
    session.execute(update(Invitation).where(Invitation.id == id).values(**changed))


def add_pledges(session: WriteSession, meeting: str, actions: Iterable[str]) -> None:
    session.execute(insert(Pledge), [{"entry_id": action, "meeting_id": meeting} for action in actions])


def pledges_of(session: ReadSession, meeting: str) -> list[str]:
    return list(session.scalars(select(Pledge.entry_id).where(Pledge.meeting_id == meeting)))


def began_before(session: WriteSession, states: Iterable[str], moment: datetime) -> list[Planned]:
    """Meetings in one of these states that were to begin before a moment, locked, their cases open or not."""
    rows = session.execute(
        select(*_PLANNED)
        .join(Case, Case.id == Meeting.case_id)
        .where(Meeting.state.in_(list(states)), Meeting.starts_at < moment)
        .order_by(Meeting.entry_id)
        .with_for_update(of=Meeting)
    )
    return [Planned(*row) for row in rows]


def latest_held(session: ReadSession, case: str, at_most: int) -> list[dict[str, list[str]]]:
    """Of the latest meetings that were held in a case, latest first: by agency what became of its
    invitations."""
    held = list(
        session.scalars(
            select(Meeting.entry_id)
            .where(Meeting.case_id == case, Meeting.state == "held")
            .order_by(Meeting.starts_at.desc(), Meeting.entry_id.desc())
            .limit(at_most)
        )
    )
    invited = invitations_of(session, held)
    attendance: list[dict[str, list[str]]] = []
    for meeting in held:
        by_agency: dict[str, list[str]] = {}
        for one in invited[meeting]:
            by_agency.setdefault(one.agency, []).append(one.state)
        attendance.append(by_agency)
    return attendance
