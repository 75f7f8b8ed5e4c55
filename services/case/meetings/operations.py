"""Meetings: planned, attended, decided, pledged. Being invited lets somebody consider a case until they have
declined or the meeting is over (design 3.1), so what ends that goes through ``take_away``.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.case.bundles.repository import family_words, recorded_relations, subjects_in_reach
from services.case.cases.operations import lock, lock_open_case
from services.case.casework_rules import CaseworkRules
from services.case.considerations.repository import Considering, end_because, is_considered, start
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.entry_kinds import CATEGORIES
from services.case.lead_professional.lifecycle import must_be_on_team
from services.case.meetings import repository
from services.case.meetings.lifecycle import INVITATION, MEETING, NEEDS_A_CHAIR, missing_too_often
from services.case.meetings.repository import Invited, OfFamily, Planned
from services.case.notices.audience import Audience, for_user
from services.case.notices.in_charge import lead_and_managers, lead_or_managers
from services.case.notices.repository import NewNotice, clear, raise_notices
from services.case.plan.operations import add_actions
from services.case.team import repository as team
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.base import Record
from shared.records.meetings import (
    ATTENDANCE_OPENS,
    NOT_ON_THE_LIST,
    AgendaItemFields,
    AttendanceToStore,
    DecisionFields,
    MeetingCancellation,
    MeetingFields,
    MeetingState,
    NewAgenda,
    NewAgendaItem,
    NewChair,
    NewDecision,
    NewFamilyInvitation,
    NewInvitation,
    NewMeeting,
    NewPledges,
    NewView,
    ViewFields,
    WordToStore,
)
from shared.records.plan import NewAction, NewActions
from shared.vocabulary import Category, Role

CHAIR_GONE = "chair_gone"
FROM_THE_FAMILY = "What somebody of the family wants said"
_SOMEBODY = "A member of the family"
MAY_CONSIDER = frozenset({Role.PRACTITIONER, Role.COORDINATOR, Role.PANEL_MEMBER})
"""In which roles somebody who is not on the team may be invited: the policy knows what they see."""
OVER_AFTER = timedelta(days=1)
"""So long after its beginning a meeting is over, whether or not anybody said so."""
_LOOKED_BACK_ON = 10


def plan_meeting(session: WriteSession, request: WriteRequest, case: str, body: NewMeeting) -> Outcome:
    """Plan a meeting that lies ahead, with its agenda."""
    locked = lock_open_case(session, case)
    if body.starts_at <= request.at:
        raise invalid("starts_at", "This moment has passed; choose one that lies ahead.")
    reach = subjects_in_reach(session, case)
    subjects = entries.subjects_for_case(body.subjects, reach, locked.person)
    fields = MeetingFields(
        meeting_kind=body.meeting_kind,
        title=body.title,
        starts_at=body.starts_at,
        place=body.place,
        panel=None if body.panel is None else body.panel.name,
        state=MeetingState(MEETING.initial),
    )
    meeting = _add(session, request, case, "meeting", fields, subjects, body.categories)
    repository.add_meeting(session, request, meeting, case, MEETING.initial, body.starts_at)
    items = _add_items(session, request, case, meeting, subjects, body.agenda, reach)
    return {"id": meeting, "version": 1, "state": MEETING.initial, "agenda": items}


def name_chair(session: WriteSession, request: WriteRequest, case: str, id: str, body: NewChair) -> Outcome:
    """Somebody of the team is in the chair from now on, or whoever says so; until the meeting is over."""
    lock_open_case(session, case)
    meeting = _meeting(session, case, id)
    state = MEETING.after(meeting.state, "chair")
    user, agency = request.caller.user, request.caller.agency
    if body.member is not None:
        member = team.find_member(session, case, body.member)
        if member is None:
            raise invalid("member", "Name a member of this case's team, by the id on the roster.")
        must_be_on_team(member.until)
        user, agency = member.user, member.agency
    if (user, agency) == (meeting.chair_user, meeting.chair_agency):
        raise conflict("This person is in the chair already.")
    repository.set_chair(session, id, user, agency)
    clear(session, id, request.at, [CHAIR_GONE, "meeting_chair", "meeting_not_recorded"])
    if (user, agency) != (request.caller.user, request.caller.agency):
        told = NewNotice(case, "meeting_chair", id, for_user(agency, user), rfc3339(request.at))
        raise_notices(session, [told], request.at)
    return {"id": id, "state": state}


def chair_gone(
    session: ReadSession,
    user: str,
    agency: str | None,
    at: datetime,
    occasion: str,
    cases: Collection[str] | None = None,
) -> list[NewNotice]:
    """The meetings of which somebody was in the chair who has gone, or cannot act, for whoever is in charge;
    in some cases, or (None) in all."""
    found = [
        one
        for one in repository.chaired_by(session, user, agency, NEEDS_A_CHAIR)
        if cases is None or one.case in cases
    ]
    places = team.places_of(session, (one.case for one in found), at.date())
    return [
        NewNotice(one.case, CHAIR_GONE, one.id, audience, occasion)
        for one in found
        for audience in lead_or_managers(places[one.case])
    ]


def add_to_agenda(
    session: WriteSession, request: WriteRequest, case: str, id: str, body: NewAgenda
) -> Outcome:
    """Put further items on the agenda, while the meeting lies ahead or lasts."""
    lock_open_case(session, case)
    meeting = _meeting(session, case, id)
    MEETING.after(meeting.state, "prepare")
    subjects = _entry(session, meeting).subjects
    reach = subjects_in_reach(session, case)
    return {"id": id, "agenda": _add_items(session, request, case, id, subjects, body.agenda, reach)}


def _add_items(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    meeting: str,
    subjects: Sequence[str],
    agenda: Iterable[NewAgendaItem],
    reach: set[str],
) -> list[str]:
    added = []
    for number, item in enumerate(agenda):
        fields = AgendaItemFields(
            meeting=meeting, topic=item.topic, note=item.note, confidential=item.confidential
        )
        about = entries.within_reach(item.subjects, reach, f"agenda.{number}.subjects") or subjects
        then = request.moments_later(number + 1)
        entry = _add(session, then, case, "agenda_item", fields, about, item.categories)
        repository.add_item(session, entry, meeting, item.papers, confidential=item.confidential)
        added.append(entry)
    return added


def invite(session: WriteSession, request: WriteRequest, case: str, id: str, body: NewInvitation) -> Outcome:
    """Ask somebody to come, or once more who sent apologies, or whose invitation shows them the case no
    longer: it was closed in between, or they have left its team. Who is not on the team considers the case
    from now on."""
    lock_open_case(session, case)
    meeting = _meeting(session, case, id)
    MEETING.after(meeting.state, "prepare")
    known = repository.invitations_of(session, [id])[id]
    earlier = next((one for one in known if (one.user, one.agency) == (body.user, body.agency)), None)
    on_team = team.is_active(session, case, body.user, body.agency)
    if not on_team and body.role not in MAY_CONSIDER:
        raise invalid("role", "Invite the team, or others as practitioner, co-ordinator or panel member.")
    if earlier is None:
        invited = repository.new_invitation(body.user, body.name, body.agency, body.role, INVITATION.initial)
        repository.add_invitation(session, request, id, invited)
    else:
        lapsed = not on_team and not is_considered(session, earlier.id)
        state = INVITATION.after(earlier.state, "ask_anew" if lapsed else "ask_again")
        invited = replace(earlier, role=body.role, state=state)
        repository.ask_again(session, request, invited)
        clear(session, earlier.id, request.at)
    if not on_team:
        start(session, request, case, invited.id, [Considering(body.agency, body.role, body.user)])
    waiting = NewNotice(case, "invitation", invited.id, for_user(body.agency, body.user))
    raise_notices(session, [waiting], request.at)
    return {"id": invited.id, "state": invited.state}


def invite_family(
    session: WriteSession, request: WriteRequest, case: str, id: str, body: NewFamilyInvitation
) -> Outcome:
    """Ask somebody of the family to come, or once more who sent word that they could not. It opens nothing:
    what the family sees, it sees by who they are."""
    lock_open_case(session, case)
    meeting = _meeting(session, case, id)
    MEETING.after(meeting.state, "prepare")
    if body.person not in subjects_in_reach(session, case):
        raise invalid("person", "Name somebody of this case; record their relationship first.")
    known = repository.family_of(session, [id])[id]
    earlier = next((one for one in known if one.person == body.person), None)
    if earlier is None:
        invited = repository.new_of_family(body.person, INVITATION.initial, request.caller.agency)
        repository.add_of_family(session, request, id, invited)
        return {"id": invited.id, "state": invited.state}
    state = INVITATION.after(earlier.state, "ask_again")
    repository.set_invitation(session, earlier.id, state, request.at)
    if request.caller.agency == meeting.chair_agency:
        repository.set_invited_by(session, earlier.id, request.caller.agency)
    return {"id": earlier.id, "state": state}


def family_sends_word(
    session: WriteSession, request: WriteRequest, case: str, id: str, invitation: str, body: WordToStore
) -> Outcome:
    """Somebody of the family says whether they come, themselves or to whoever arranges the meeting; they may
    change their mind until it begins. What they want said there goes on the agenda."""
    (lock if body.to_be_said is None else lock_open_case)(session, case)
    meeting = _meeting(session, case, id)
    invited = next((one for one in repository.family_of(session, [id])[id] if one.id == invitation), None)
    if invited is None:
        raise not_found()
    if request.caller.role == Role.FAMILY_MEMBER and request.caller.person != invited.person:
        raise forbidden("Only the person who was invited may answer.")
    MEETING.after(meeting.state, "prepare")
    said = "accepted" if body.comes else "apologies"
    if invited.state != said:
        state = invited.state
        if body.comes and state == "apologies":
            state = INVITATION.after(state, "ask_again")
        said = INVITATION.after(state, "accept" if body.comes else "decline")
        repository.set_invitation(session, invitation, said, request.at)
    if body.to_be_said is not None:
        _put_on_agenda(session, request, meeting, invited, body.to_be_said, body.held_by)
    return {"id": invitation, "state": said}


def _put_on_agenda(
    session: WriteSession,
    request: WriteRequest,
    meeting: Planned,
    invited: OfFamily,
    to_be_said: str,
    held_by: str | None,
) -> None:
    """What somebody of the family wants said, as an item that tells of nobody whom its reader does not know;
    what they send themselves, in the place of what they sent before.

    It is labelled like the meeting and like whatever says that they belong to the family. What the family
    send themselves is held by the agency of whoever is in the chair, so that it reaches them, and names them
    nowhere else: a 409 where that agency neither recorded them nor asked them to come. Whether they let it
    hold this at all is decided before (``Permit.may_hold``), of the agency that is in the chair then
    (``held_by``).
    """
    by_family, person = request.caller.role == Role.FAMILY_MEMBER, invited.person
    if by_family and held_by != meeting.chair_agency:
        raise conflict("Somebody else is in the chair now. Send it again.")
    about = _entry(session, meeting)
    known = recorded_relations(session, meeting.case, person)
    knows_them = {invited.invited_by, *(one.owner for one in known)}
    if by_family and known and meeting.chair_agency not in knows_them:
        raise conflict(NOT_ON_THE_LIST)
    entry = entries.NewEntry(
        kind="agenda_item",
        case=meeting.case,
        subjects=list(dict.fromkeys([*about.subjects, person, *(one for r in known for one in r.subjects)])),
        fields=stored(AgendaItemFields(meeting=meeting.id, topic=FROM_THE_FAMILY, note=to_be_said)),
        owner=meeting.chair_agency if by_family else request.caller.agency,
        more_categories=[
            *map(Category, about.categories),
            *(Category(word) for r in known for word in r.categories),
        ],
    )
    if by_family:
        request = replace(request, caller=replace(request.caller, name=_SOMEBODY))
        if _says_otherwise_now(session, request, meeting, invited, entry):
            return
    added, whose = entries.add_entry(session, request, entry), invited.id if by_family else None
    repository.add_item(session, added, meeting.id, (), confidential=False, invitation=whose)


def _says_otherwise_now(
    session: WriteSession,
    request: WriteRequest,
    meeting: Planned,
    invited: OfFamily,
    entry: entries.NewEntry,
) -> bool:
    """Let the item with what they sent before say this instead, if there is one that is labelled like this:
    then nobody sees what is said now who would not see it as an item of its own."""
    labels = entry.owner, set(entry.subjects), {*CATEGORIES[entry.kind], *entry.more_categories}
    for item in repository.items_from(session, invited.id):
        found = entries.find_in_case(session, meeting.case, entry.kind, item)
        if found is not None and (found.owner, set(found.subjects), set(found.categories)) == labels:
            entries.correct_entry(session, request, item, found.version, entry.fields)
            return True
    return False


def accept(session: WriteSession, request: WriteRequest, case: str, id: str, invitation: str) -> Outcome:
    """They will come; they go on considering the case until the meeting is over."""
    return _answer(session, request, case, id, invitation, "accept")


def decline(session: WriteSession, request: WriteRequest, case: str, id: str, invitation: str) -> Outcome:
    """They send their apologies, and consider the case no longer."""
    answered = _answer(session, request, case, id, invitation, "decline")
    end_because(session, invitation, request.at)
    return answered


def _answer(
    session: WriteSession, request: WriteRequest, case: str, id: str, invitation: str, event: str
) -> Outcome:
    lock(session, case)
    _meeting(session, case, id)
    invited = _invitation(session, id, invitation)
    if (invited.user, invited.agency) != (request.caller.user, request.caller.agency):
        raise forbidden("Only the person who was invited may answer.")
    state = INVITATION.after(invited.state, event)
    repository.set_invitation(session, invitation, state, request.at)
    clear(session, invitation, request.at)
    return {"id": invitation, "state": state}


def attend(
    session: WriteSession, request: WriteRequest, case: str, id: str, body: AttendanceToStore
) -> Outcome:
    """Say who is there, as often as that changes; whoever is not named is not there, but for those of whom
    the one who says it does not know."""
    lock_open_case(session, case)
    meeting = _meeting(session, case, id)
    state = MEETING.after(meeting.state, "attendance")
    if meeting.starts_at - request.at > ATTENDANCE_OPENS:
        raise conflict("This meeting lies ahead; say who is there from twelve hours before it begins.")
    of_agencies, of_family = repository.invitations_of(session, [id]), repository.family_of(session, [id])
    invited = {one.id: one.state for one in of_agencies[id]} | {one.id: one.state for one in of_family[id]}
    invited = {one: stood for one, stood in invited.items() if one not in body.not_shown}
    _check_invited(body.present, set(invited), "present")
    for one, stood in invited.items():
        event = "come" if one in body.present else "stay_away"
        repository.set_invitation(session, one, INVITATION.after(stood, event))
    confidential = repository.confidential_items(session, id)
    for number, part in enumerate(body.confidential_parts):
        path = f"confidential_parts.{number}"
        if part.item not in confidential:
            raise invalid(f"{path}.item", "Name a confidential item of this meeting.")
        _check_invited(part.present, set(body.present), f"{path}.present")
        repository.set_part(session, part.item, part.present, body.not_shown)
    version = _set_state(session, meeting, state)
    return {"id": id, "version": version, "state": state}


def close(session: WriteSession, request: WriteRequest, case: str, id: str) -> Outcome:
    """The meeting is over: whoever considered the case for it no longer does; who was missing too often is
    told to whoever is in charge."""
    lock(session, case)
    meeting = _meeting(session, case, id)
    state = MEETING.after(meeting.state, "close")
    version = _over(session, meeting, state, request.at)
    raise_notices(session, _missing(session, meeting, request.at), request.at)
    return {"id": id, "version": version, "state": state}


def cancel(
    session: WriteSession, request: WriteRequest, case: str, id: str, body: MeetingCancellation
) -> Outcome:
    """The meeting does not take place."""
    lock(session, case)
    meeting = _meeting(session, case, id)
    state = MEETING.after(meeting.state, "cancel")
    for one in repository.invitations_of(session, [id])[id]:
        repository.set_invitation(session, one.id, INVITATION.after(one.state, "cancel"))
    entries.add_to_fields(session, id, {"cancelled_because": body.reason})
    return {"id": id, "version": _over(session, meeting, state, request.at), "state": state}


def _over(session: WriteSession, meeting: Planned, state: str, at: datetime) -> int:
    for one in repository.invitations_of(session, [meeting.id])[meeting.id]:
        end_because(session, one.id, at)
        clear(session, one.id, at)
    clear(session, meeting.id, at, [CHAIR_GONE, "meeting_chair"])
    return _set_state(session, meeting, state)


def _set_state(session: WriteSession, meeting: Planned, state: str) -> int:
    repository.set_state(session, meeting.id, state)
    return entries.add_to_fields(session, meeting.id, {"state": state})


def _missing(session: WriteSession, meeting: Planned, at: datetime) -> list[NewNotice]:
    """An alarm about the case, not about a meeting: those who are told need not see the meeting, nor each of
    the others that were looked at. It is settled once nobody misses too many."""
    if not missing_too_often(repository.latest_held(session, meeting.case, _LOOKED_BACK_ON)):
        clear(session, meeting.case, at, ["agency_missing"])
        return []
    places = team.places_of(session, [meeting.case], at.date())[meeting.case]
    return [
        NewNotice(meeting.case, "agency_missing", meeting.case, audience, meeting.id)
        for audience in lead_and_managers(places)
    ]


def decide(session: WriteSession, request: WriteRequest, case: str, id: str, body: NewDecision) -> Outcome:
    """Keep what was decided, with the views that were heard; its actions go straight into the plan."""
    lock_open_case(session, case)
    meeting = _meeting(session, case, id)
    MEETING.after(meeting.state, "decide")
    named = entries.within_reach(body.subjects, subjects_in_reach(session, case))
    there = _agencies_there(session, meeting)
    for number, view in enumerate(body.views):
        if view.agency is not None and view.agency not in there:
            raise invalid(f"views.{number}.agency", "This agency was not there; leave its view out.")
    subjects = named or _entry(session, meeting).subjects
    fields = DecisionFields(
        meeting=id,
        decision=body.decision,
        reasons=body.reasons,
        no_family_view_because=body.no_family_view_because,
    )
    decision = _add(session, request, case, "meeting_decision", fields, subjects, body.categories)
    views = [
        _add_view(session, request.moments_later(number), case, id, decision, subjects, view)
        for number, view in enumerate(body.views, 1)
    ]
    actions = _into_the_plan(session, request, case, id, body.actions)
    return {"id": decision, "version": 1, "views": views, "actions": actions}


def _add_view(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    meeting: str,
    decision: str,
    subjects: Sequence[str],
    view: NewView,
) -> str:
    fields = ViewFields(
        meeting=meeting, decision=decision, whose=view.whose, agency=view.agency, view=view.view
    )
    return _add(session, request, case, "view_heard", fields, subjects, view.categories)


def pledge(session: WriteSession, request: WriteRequest, case: str, id: str, body: NewPledges) -> Outcome:
    """Keep what agencies promised that are there, as actions of the plan that they owe."""
    lock_open_case(session, case)
    meeting = _meeting(session, case, id)
    MEETING.after(meeting.state, "pledge")
    there = _agencies_there(session, meeting)
    for number, action in enumerate(body.actions):
        if action.accountable not in there:
            raise invalid(
                f"actions.{number}.accountable",
                "Only an agency that was there can pledge; refer to it, or ask it for an action.",
            )
    actions = _into_the_plan(session, request, case, id, body.actions, pledged=True)
    repository.add_pledges(session, id, actions)
    return {"id": id, "actions": actions}


def _into_the_plan(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    meeting: str,
    actions: Sequence[NewAction],
    *,
    pledged: bool = False,
) -> list[str]:
    if not actions:
        return []
    agreed = [action.model_copy(update={"agreed_at": meeting}) for action in actions]
    added = add_actions(session, request, case, NewActions(actions=agreed), pledged=pledged)
    return [action["id"] for action in added["actions"]]


def _agencies_there(session: ReadSession, meeting: Planned) -> set[str]:
    """Those whose people came; and whoever is in the chair is there, invited or not."""
    invited = repository.invitations_of(session, [meeting.id])[meeting.id]
    return {meeting.chair_agency, *(one.agency for one in invited if one.state == "present")}


def meetings(session: ReadSession, case: str) -> dict[str, Any]:
    """How each meeting of a case stands and who is invited, raw; nothing for a case that is not there."""
    found = repository.meetings_of(session, case)
    ids = [meeting.id for meeting in found]
    invited, family = repository.invitations_of(session, ids), repository.family_of(session, ids)
    return {
        "meetings": {
            meeting.id: _standing(meeting, invited[meeting.id], family[meeting.id]) for meeting in found
        }
    }


def meeting(session: ReadSession, case: str, id: str, at: datetime) -> dict[str, Any]:
    """One meeting, raw, with its agenda's papers and pledges by id, and what each of the family who is
    invited is to the people of the case; an empty one where there is none."""
    found = repository.find_meeting(session, case, id)
    if found is None:
        return {"meeting": None, "agenda": {}, "pledges": [], "family": {}}
    invited, family = repository.invitations_of(session, [id])[id], repository.family_of(session, [id])[id]
    return {
        "meeting": _standing(found, invited, family),
        "family": family_words(session, case, [one.person for one in family], at.date()),
        "agenda": repository.agenda_of(session, id),
        "pledges": repository.pledges_of(session, id),
    }


def _standing(meeting: Planned, invited: Sequence[Invited], family: Sequence[OfFamily]) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "state": meeting.state,
        "starts_at": rfc3339(meeting.starts_at),
        "chair": {"user": meeting.chair_user, "agency": meeting.chair_agency},
        "invitations": [
            {
                "id": one.id,
                "user": one.user,
                "name": one.name,
                "agency": one.agency,
                "role": one.role,
                "state": one.state,
            }
            for one in invited
        ],
        "family": [{"id": one.id, "person": one.person, "state": one.state} for one in family],
    }


def not_recorded(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """A meeting whose day is over (a clock). Nobody considers the case for it any longer; if nobody said who
    was there, whoever is in the chair is told; if they are not at work on the case, whoever is in charge
    too."""
    for found in repository.began_before(session, ("planned", "in_session"), at - OVER_AFTER):
        state = MEETING.after(found.state, "pass_by")
        _over(session, found, state, at)
        if state == "not_recorded":
            for audience in _who_sees_to(session, found, at):
                yield NewNotice(found.case, "meeting_not_recorded", found.id, audience)
        else:
            yield from _missing(session, found, at)


def _who_sees_to(session: ReadSession, meeting: Planned, at: datetime) -> list[Audience]:
    places = team.places_of(session, [meeting.case], at.date())[meeting.case]
    chair = (meeting.chair_user, meeting.chair_agency)
    there = any((place.user, place.agency) == chair and not place.away for place in places)
    told = [for_user(meeting.chair_agency, meeting.chair_user), *([] if there else lead_or_managers(places))]
    return list(dict.fromkeys(told))


def _meeting(session: ReadSession, case: str, id: str) -> Planned:
    found = repository.find_meeting(session, case, id)
    if found is None:
        raise not_found()
    return found


def _entry(session: ReadSession, meeting: Planned) -> entries.Found:
    found = entries.find_in_case(session, meeting.case, "meeting", meeting.id)
    assert found is not None, "its row refers to it"
    return found


def _invitation(session: ReadSession, meeting: str, id: str) -> Invited:
    invited = repository.invitations_of(session, [meeting])[meeting]
    found = next((one for one in invited if one.id == id), None)
    if found is None:
        raise not_found()
    return found


def _check_invited(named: Iterable[str], known: set[str], field: str) -> None:
    for number, invitation in enumerate(named):
        if invitation not in known:
            raise invalid(f"{field}.{number}", "Name an invitation to this meeting; invite them first.")


def _add(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    kind: str,
    fields: Record,
    subjects: Sequence[str],
    categories: Iterable[Category],
) -> str:
    entry = entries.NewEntry(
        kind=kind,
        case=case,
        subjects=subjects,
        fields=stored(fields),
        more_categories=categories,
    )
    return entries.add_entry(session, request, entry)
