"""Meetings, case conferences and panels: agenda and papers, who comes, what is decided and pledged."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import answer_invitation, deed
from services.gateway.deeds import invite as invites
from services.gateway.deeds import name_chair as names_chair
from services.gateway.disclose import PlaceFree, Seen, decision_unavailable, part_unavailable, release
from services.gateway.eligibility import check_eligible
from services.gateway.explaining import label_of_entry
from services.gateway.family_facts import check_subjects, may_be_named
from services.gateway.following_up import check_actions
from services.gateway.guards import (
    Acting,
    MayAnswerInvitations,
    MayDoCasework,
    MayReadCases,
    MayRecordAnswers,
)
from services.gateway.labels import nothing, of_kind
from services.gateway.meeting_views import (
    Standing,
    family_at,
    family_known,
    items_to_hear,
    meeting_view,
    meetings_view,
    present_for,
    room_view,
    seats_at,
    shows_of,
    told_by_code,
    told_of,
)
from services.gateway.partnership import check_agencies
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.meetings import MeetingsView, MeetingView, RoomView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from shared.ids import id_or_nowhere
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.meetings import (
    NOT_ON_THE_LIST,
    Attendance,
    AttendanceToStore,
    MeetingCancellation,
    NewAgenda,
    NewAgendaItem,
    NewChair,
    NewDecision,
    NewFamilyInvitation,
    NewInvitation,
    NewMeeting,
    NewPledges,
    WordSent,
    WordToStore,
)
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Role
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/meetings", tags=["meetings"])
ONE = "/{meeting}"
INVITATION = f"{ONE}/invitations/{{invitation}}"
FAMILY_INVITATION = f"{ONE}/family-invitations/{{family_invitation}}"


@router.get("", response_model=MeetingsView)
async def read_meetings(case: str, acting: MayReadCases, parts: Parts) -> Response:
    """The meetings that the caller may see, with who is invited and was there."""
    found = await _raw(parts, acting, f"/cases/{id_or_nowhere(case)}/meetings", "meetings")
    seen = await parts.disclosure.see_case(case, acting, shows=of_kind("meeting"), place_free="staff")
    meetings = {one: _told(seen, held, acting) for one, held in found["meetings"].items()}
    return release(acting, meetings_view(seen, meetings, acting.purpose, parts.notice))


@router.post("", status_code=201, response_model=Done)
async def plan_meeting(case: str, acting: MayDoCasework, parts: Parts, new: NewMeeting) -> Response:
    """Plan a meeting that lies ahead. A panel is held only for whom it is there."""
    seen = await _may(parts, acting, case, Deed.ARRANGE_MEETING)
    check_subjects(seen, new.subjects, "subjects")
    _check_agenda(seen, new.agenda)
    check_eligible(seen, new)
    return await _write(parts, acting, seen, "", new)


@router.get(ONE, response_model=MeetingView)
async def read_meeting(case: str, meeting: str, acting: MayReadCases, parts: Parts) -> Response:
    """One meeting: agenda, decisions, pledges, and the papers as the caller may see them now."""
    known = id_or_nowhere(meeting)
    held = await _meeting(parts, acting, case, known)
    # What is on the agenda for the caller says which papers there are for them: decided first, then shown.
    first = await _see_meeting(parts, acting, case, known, held, "staff")
    shows = shows_of(first, known, held)
    seen = await parts.disclosure.see_case(case, acting, shows=shows, place_free="staff")
    seen.named(known)
    told = {**held, "meeting": _told(seen, held["meeting"], acting)}
    return release(acting, meeting_view(seen, known, told, acting.purpose, parts.notice))


def _told(seen: Seen, standing: Standing, acting: Acting) -> Standing:
    return told_of(seen, standing, acting.caller.agency, acting.caller.person)


async def _see_meeting(
    parts: GatewayParts, acting: Acting, case: str, meeting: str, held: Any, place_free: PlaceFree = "no"
) -> Seen:
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free=place_free)
    if held["meeting"] is None or seen.entry(meeting) is None:
        raise not_found()
    return seen


@router.post(f"{ONE}/chair", response_model=Done)
async def name_chair(case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: NewChair) -> Response:
    """Say who of the team is in the chair from now on, or take it over: nobody else could, were who is in it
    to leave. It opens nothing to them."""
    wanted = names_chair(new.member, acting.caller)
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=wanted, shows=nothing
    )
    known = id_or_nowhere(meeting)
    seen.named(known)
    return await _write(parts, acting, seen, f"/{known}/chair", new, 200)


@router.post(f"{ONE}/agenda", status_code=201, response_model=Done)
async def add_to_agenda(
    case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: NewAgenda
) -> Response:
    """Put further items on the agenda."""
    seen = await _may_on(parts, acting, case, meeting, Deed.ARRANGE_MEETING)
    _check_agenda(seen, new.agenda)
    return await _write(parts, acting, seen, f"/{id_or_nowhere(meeting)}/agenda", new)


@router.post(f"{ONE}/invitations", status_code=201, response_model=Done)
async def invite(
    case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: NewInvitation
) -> Response:
    """Ask somebody to come. Another agency's people only after permission to take part, or on a statutory
    basis, and never those of an agency that the family excluded (design 3.2)."""
    asks = invites(new)
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=asks, shows=nothing
    )
    known = id_or_nowhere(meeting)
    seen.named(known)
    await check_agencies(parts, acting, [new.agency], "agency")
    return await _write(parts, acting, seen, f"/{known}/invitations", new)


@router.post(f"{ONE}/family-invitations", status_code=201, response_model=Done)
async def invite_family(
    case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: NewFamilyInvitation
) -> Response:
    """Ask somebody of the family to come: whom the case is about, or a parent or carer. It opens nothing to
    them; what may be said before them the room tells whoever is in the chair."""
    seen = await _may_on(parts, acting, case, meeting, Deed.ARRANGE_MEETING)
    if new.person not in may_be_named(seen):
        raise invalid("person", "Name somebody of this case; record their relationship first.")
    return await _write(parts, acting, seen, f"/{id_or_nowhere(meeting)}/family-invitations", new)


@router.post(f"{FAMILY_INVITATION}/word", response_model=Done)
async def record_word(
    case: str, meeting: str, family_invitation: str, acting: MayRecordAnswers, parts: Parts, new: WordSent
) -> Response:
    """Record that somebody of the family sent word whether they come, and what they want said; or say so
    oneself, with an account or by a code."""
    known, one = id_or_nowhere(meeting), id_or_nowhere(family_invitation)
    held = await _meeting(parts, acting, case, known)
    found = _invited(held, "family", one)
    own = acting.caller.role == Role.FAMILY_MEMBER
    is_self = own and found is not None and found["person"] == acting.caller.person
    chair = None if held["meeting"] is None else held["meeting"]["chair"]
    seen = await parts.disclosure.see_case(
        case,
        acting,
        action=LedgerAction.CONTRIBUTE,
        deed=answer_invitation(is_self=is_self, chair=chair) if own else deed(Deed.ARRANGE_MEETING),
        shows=nothing,
    )
    entry, _ = seen.named(known)
    if found is None or found["person"] not in family_known(seen, acting.caller.person):
        raise not_found()
    if acting.only_case is not None and not told_by_code(entry):
        raise not_found()
    permit = seen.answer.permit
    if own and new.to_be_said is not None and not (permit is not None and permit.may_hold):
        raise conflict(NOT_ON_THE_LIST)
    body = WordToStore(**new.model_dump(), held_by=None if chair is None else chair["agency"])
    return await _write(parts, acting, seen, f"/{known}/family-invitations/{one}/word", body, 200)


@router.post(f"{INVITATION}/acceptance", response_model=Done)
async def accept(
    case: str, meeting: str, invitation: str, acting: MayAnswerInvitations, parts: Parts
) -> Response:
    """Say that one will come."""
    return await _answer(parts, acting, case, meeting, invitation, "acceptance")


@router.post(f"{INVITATION}/apologies", response_model=Done)
async def decline(
    case: str, meeting: str, invitation: str, acting: MayAnswerInvitations, parts: Parts
) -> Response:
    """Say that one will not come. What the invitation opened ends here (``enforced_at``)."""
    return await _answer(parts, acting, case, meeting, invitation, "apologies")


def _invited(held: Any, among: str, invitation: str) -> Any:
    """An invitation to a meeting by its id, ``among`` the agencies' or the family's, if there is one."""
    meeting = held["meeting"] or {among: ()}
    return next((one for one in meeting[among] if one["id"] == invitation), None)


async def _answer(
    parts: GatewayParts, acting: Acting, case: str, meeting: str, invitation: str, what: str
) -> Response:
    known, one = id_or_nowhere(meeting), id_or_nowhere(invitation)
    held = await _meeting(parts, acting, case, known)
    found = _invited(held, "invitations", one)
    whose = (found["user"], found["agency"]) if found is not None else None
    answers = answer_invitation(is_self=whose == (acting.caller.user, acting.caller.agency))
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=answers, shows=nothing
    )
    path = f"/cases/{seen.bundle['case']['id']}/meetings/{known}/invitations/{one}/{what}"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))


@router.post(f"{ONE}/attendance", response_model=Done)
async def record_attendance(
    case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: Attendance
) -> Response:
    """Say who is there, the family too, and for each confidential part who is there for that."""
    known = id_or_nowhere(meeting)
    held = await _meeting(parts, acting, case, known)
    seen = await _may_on(parts, acting, case, meeting, Deed.ARRANGE_MEETING)
    family = held["meeting"]["family"] if held["meeting"] is not None else []
    named = may_be_named(seen)
    hidden = tuple(one["id"] for one in family if one["person"] not in named)
    body = AttendanceToStore(**new.model_dump(), not_shown=hidden)
    return await _write(parts, acting, seen, f"/{known}/attendance", body, 200)


@router.post(f"{ONE}/closing", response_model=Done)
async def close(case: str, meeting: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Say that the meeting is over. Who was there only for it sees the case no longer (``enforced_at``)."""
    seen = await _may_on(parts, acting, case, meeting, Deed.ARRANGE_MEETING)
    return await _write(parts, acting, seen, f"/{id_or_nowhere(meeting)}/closing", None, 200)


@router.post(f"{ONE}/cancellation", response_model=Done)
async def cancel(
    case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: MeetingCancellation
) -> Response:
    """Say that a meeting does not take place."""
    seen = await _may_on(parts, acting, case, meeting, Deed.ARRANGE_MEETING)
    return await _write(parts, acting, seen, f"/{id_or_nowhere(meeting)}/cancellation", new, 200)


@router.post(f"{ONE}/decisions", status_code=201, response_model=Done)
async def record_decision(
    case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: NewDecision
) -> Response:
    """Record a decision, its reasons, the views that were heard, and the actions that come of it."""
    seen = await _may_on(parts, acting, case, meeting, Deed.ARRANGE_MEETING)
    check_subjects(seen, new.subjects, "subjects")
    await check_actions(parts, acting, seen, new.actions, Deed.ARRANGE_MEETING)
    return await _write(parts, acting, seen, f"/{id_or_nowhere(meeting)}/decisions", new)


@router.post(f"{ONE}/pledges", status_code=201, response_model=Done)
async def record_pledges(
    case: str, meeting: str, acting: MayDoCasework, parts: Parts, new: NewPledges
) -> Response:
    """Record what agencies promise that are there: actions of the plan, owed by the one that promised."""
    seen = await _may_on(parts, acting, case, meeting, Deed.ARRANGE_MEETING)
    await check_actions(parts, acting, seen, new.actions, Deed.ARRANGE_MEETING)
    return await _write(parts, acting, seen, f"/{id_or_nowhere(meeting)}/pledges", new)


@router.get(f"{ONE}/room", response_model=RoomView)
async def read_room(case: str, meeting: str, acting: MayReadCases, parts: Parts) -> Response:
    """For the chair: which of the items and papers that she sees in full everybody there may see too, the
    family included: each of them what they would read of the case themselves."""
    known = id_or_nowhere(meeting)
    held = await _meeting(parts, acting, case, known)
    first = await _see_meeting(parts, acting, case, known, held)
    chair = held["meeting"]["chair"]
    if (chair["user"], chair["agency"]) != (acting.caller.user, acting.caller.agency):
        raise forbidden("Only who is in the chair is told what may be said in the room; ask them.")
    # Whom she may not know of does not count: a no for their sake would tell her that somebody is there.
    held = {**held, "meeting": told_of(first, held["meeting"], acting.caller.agency)}
    gathered, ask = await parts.disclosure.gather(case, acting)
    items = items_to_hear(first, held)
    seats = seats_at(first.bundle, held["meeting"])
    family = family_at(held)
    everybody = [*seats, *family]
    content = {
        "purpose": acting.purpose.value,
        "reason": acting.reason,
        "case": ask.model_dump(mode="json"),
        "roster": [{name: seat[name] for name in seat if name != "invitation"} for seat in seats],
        "family": [{name: seat[name] for name in seat if name != "invitation"} for seat in family],
        "parts": [
            {"label": label_of_entry(gathered, entry), "present": present_for(item, held, everybody)}
            for entry, item in items
        ],
    }
    try:
        told = holding(
            await parts.upstreams.ask("consent", "/rooms", acting, content),
            "heard", "receipt", "policy_version",
        )  # fmt: skip
    except Unreachable:
        raise decision_unavailable() from None
    return release(acting, room_view(known, items, told, acting.purpose, parts.notice))


async def _raw(parts: GatewayParts, acting: Acting, path: str, *names: str) -> dict[str, Any]:
    """How meetings stand, as the case service has it: read before it is decided what of it is shown."""
    try:
        return holding(await parts.upstreams.read("case", path, acting), *names)
    except Unreachable:
        raise part_unavailable() from None


async def _meeting(parts: GatewayParts, acting: Acting, case: str, meeting: str) -> dict[str, Any]:
    path = f"/cases/{id_or_nowhere(case)}/meetings/{meeting}"
    return await _raw(parts, acting, path, "meeting", "agenda", "pledges", "family")


async def _may(parts: GatewayParts, acting: Acting, case: str, name: Deed) -> Seen:
    return await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(name), shows=nothing
    )


async def _may_on(parts: GatewayParts, acting: Acting, case: str, meeting: str, name: Deed) -> Seen:
    """The case, if the caller may do that and sees the meeting."""
    seen = await _may(parts, acting, case, name)
    seen.named(id_or_nowhere(meeting))
    return seen


def _check_agenda(seen: Seen, agenda: Sequence[NewAgendaItem]) -> None:
    """A 422 unless the caller may name these people and sees these papers; a paper opens nothing."""
    for number, item in enumerate(agenda):
        check_subjects(seen, item.subjects, f"agenda.{number}.subjects")
        if item.papers and seen.unavailable:
            raise part_unavailable()
        for place, paper in enumerate(item.papers):
            if seen.entry(paper) is None:
                raise invalid(f"agenda.{number}.papers.{place}", "Name entries of this case that you see.")


async def _write(
    parts: GatewayParts, acting: Acting, seen: Seen, what: str, body: Any, status: int = 201
) -> Response:
    path = f"/cases/{seen.bundle['case']['id']}/meetings"
    content = None if body is None else body.model_dump(mode="json")
    outcome = await parts.upstreams.write("case", "POST", f"{path}{what}", acting, content)
    return created(outcome, f"/v1{path}") if status == 201 else json_response(outcome)
