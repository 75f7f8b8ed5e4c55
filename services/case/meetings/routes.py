"""HTTP about meetings."""

from fastapi import APIRouter, Response

from services.case.meetings import operations
from shared.ids import id_or_nowhere
from shared.records.meetings import (
    AttendanceToStore,
    MeetingCancellation,
    NewAgenda,
    NewChair,
    NewDecision,
    NewFamilyInvitation,
    NewInvitation,
    NewMeeting,
    NewPledges,
    WordToStore,
)
from shared.service import ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/meetings", route_class=StrictRoute)
ONE = "/{meeting}"


@router.get("")
async def meetings(parts: ServiceParts, case: str) -> Response:
    return json_response(await parts.store.read(operations.meetings, id_or_nowhere(case)))


@router.get(ONE)
async def meeting(parts: ServiceParts, case: str, meeting: str) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return json_response(await parts.store.read(operations.meeting, case, meeting, parts.clock()))


@router.post("")
async def plan_meeting(parts: ServiceParts, write: Write, case: str, body: NewMeeting) -> Response:
    return created(await parts.write_once(write, operations.plan_meeting, id_or_nowhere(case), body))


@router.post(f"{ONE}/chair")
async def name_chair(parts: ServiceParts, write: Write, case: str, meeting: str, body: NewChair) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return json_response(await parts.write_once(write, operations.name_chair, case, meeting, body))


@router.post(f"{ONE}/agenda")
async def add_to_agenda(
    parts: ServiceParts, write: Write, case: str, meeting: str, body: NewAgenda
) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return created(await parts.write_once(write, operations.add_to_agenda, case, meeting, body))


@router.post(f"{ONE}/invitations")
async def invite(parts: ServiceParts, write: Write, case: str, meeting: str, body: NewInvitation) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return created(await parts.write_once(write, operations.invite, case, meeting, body))


@router.post(f"{ONE}/invitations/{{invitation}}/acceptance")
async def accept(parts: ServiceParts, write: Write, case: str, meeting: str, invitation: str) -> Response:
    ids = id_or_nowhere(case), id_or_nowhere(meeting), id_or_nowhere(invitation)
    return json_response(await parts.write_once(write, operations.accept, *ids))


@router.post(f"{ONE}/invitations/{{invitation}}/apologies")
async def decline(parts: ServiceParts, write: Write, case: str, meeting: str, invitation: str) -> Response:
    ids = id_or_nowhere(case), id_or_nowhere(meeting), id_or_nowhere(invitation)
    return json_response(await parts.take_away(write, operations.decline, *ids))


@router.post(f"{ONE}/family-invitations")
async def invite_family(
    parts: ServiceParts, write: Write, case: str, meeting: str, body: NewFamilyInvitation
) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return created(await parts.write_once(write, operations.invite_family, case, meeting, body))


@router.post(f"{ONE}/family-invitations/{{invitation}}/word")
async def family_sends_word(
    parts: ServiceParts, write: Write, case: str, meeting: str, invitation: str, body: WordToStore
) -> Response:
    ids = id_or_nowhere(case), id_or_nowhere(meeting), id_or_nowhere(invitation)
    return json_response(await parts.write_once(write, operations.family_sends_word, *ids, body))


@router.post(f"{ONE}/attendance")
async def attend(
    parts: ServiceParts, write: Write, case: str, meeting: str, body: AttendanceToStore
) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return json_response(await parts.write_once(write, operations.attend, case, meeting, body))


@router.post(f"{ONE}/closing")
async def close(parts: ServiceParts, write: Write, case: str, meeting: str) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return json_response(await parts.take_away(write, operations.close, case, meeting))


@router.post(f"{ONE}/cancellation")
async def cancel(
    parts: ServiceParts, write: Write, case: str, meeting: str, body: MeetingCancellation
) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return json_response(await parts.take_away(write, operations.cancel, case, meeting, body))


@router.post(f"{ONE}/decisions")
async def decide(parts: ServiceParts, write: Write, case: str, meeting: str, body: NewDecision) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return created(await parts.write_once(write, operations.decide, case, meeting, body))


@router.post(f"{ONE}/pledges")
async def pledge(parts: ServiceParts, write: Write, case: str, meeting: str, body: NewPledges) -> Response:
    case, meeting = id_or_nowhere(case), id_or_nowhere(meeting)
    return created(await parts.write_once(write, operations.pledge, case, meeting, body))
