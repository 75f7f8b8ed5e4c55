"""Meetings: arranged, with papers as each may read them, who comes and came, what was decided with whose
views, what was pledged, and whether it was kept."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import (
    FormPage,
    FormState,
    Question,
    answer_question,
    date_of,
    filled,
    form_at,
    moment_of,
    opened,
    question_page,
    send_page,
    time_beside_its_day,
)
from clients.practitioner.offers import may_while_open
from clients.practitioner.pages.plan import REVEALS
from clients.practitioner.presenters.meetings import (
    KINDS,
    WHOSE,
    MeetingPage,
    heard_of,
    lines_of,
    meeting_page_of,
    missed_of,
    papers_to_choose,
    pledges_of,
)
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.services import ServiceChoice, choice_of, on_team
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other, stands_on
from clients.practitioner.words import ROLES
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}/meetings")
COMING_ROLES = (
    "practitioner", "safeguarding_lead", "team_manager", "coordinator", "panel_member", "volunteer",
)  # fmt: skip
ONE = "/{meeting}"
_ITS_PAGE = "/cases/{case}/meetings/{meeting}"


async def _may(visit: Visit, case: str, deed: Deed) -> Any:
    """The case, for whoever may do that in it; the 404 for others."""
    view = await visit.get(f"/v1/cases/{case}")
    if deed not in view["may"]:
        raise not_found()
    return view


@router.get("")
async def meetings(case: Id, visit: SignedIn) -> Response:
    answer = await visit.get(f"/v1/cases/{case}/meetings")
    view = await visit.get(f"/v1/cases/{case}")
    return visit.page(
        "meetings/meetings.html",
        case=case,
        meetings=lines_of(answer),
        missed=missed_of(answer, await visit.agency_names()),
        may_arrange=Deed.ARRANGE_MEETING in may_while_open(view),
        notice=answer["notice"],
    )


@router.get("/pledges")
async def pledges(case: Id, visit: SignedIn) -> Response:
    """What was pledged at all of the meetings."""
    answer = await visit.whole(f"/v1/cases/{case}/pledges", "pledges")
    view = await visit.get(f"/v1/cases/{case}")
    lines = pledges_of(answer, await visit.agency_names(), may_while_open(view), visit.acting.agency)
    return visit.page("meetings/pledges.html", case=case, pledges=lines, notice=answer["notice"])


@form_at(router, "/new")
async def arranging(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_arranging_page, visit, case),
        path=f"/v1/cases/{case}/meetings",
        content=meeting_of,
        then=lambda outcome: f"/cases/{case}/meetings/{outcome['id']}",
        fields=_field,
    )


def _of_meeting(
    visit: Visit,
    case: str,
    meeting: str,
    page: Callable[[Visit, str, str, FormState, int], Awaitable[Response]],
    what: str,
    content: Callable[[Form], Any],
    fields: Callable[[str], str] | None = None,
) -> FormPage:
    """The form on a ``page`` that says something of a meeting, kept under ``what`` of it."""
    return FormPage(
        show=partial(page, visit, case, meeting),
        path=f"/v1/cases/{case}/meetings/{meeting}/{what}",
        content=content,
        then=f"/cases/{case}/meetings/{meeting}",
        fields=fields,
    )


def meeting_of(form: Form) -> dict[str, Any]:
    """A meeting in the API's words; the rules of a panel go with a panel only."""
    is_panel = form["meeting_kind"] == "panel"
    panel = filled(
        name=form["panel_name"], age_from=_number(form["age_from"]), age_to=_number(form["age_to"])
    )
    eligible = {"agreed": form["agreed"] == "yes", **filled(age_as_told=_number(form["age_as_told"]))}
    return filled(
        meeting_kind=form["meeting_kind"],
        title=form["title"],
        starts_at=moment_of(form, "starts", "time"),
        place=form["where"],
        agenda=[_item_of(form)] if form["topic"] else [],
    ) | ({"panel": panel, "eligibility": eligible} if is_panel else {})


def _number(typed: str) -> int | str | None:
    return int(typed) if typed.isascii() and typed.isdigit() else typed or None


def _item_of(form: Form) -> dict[str, Any]:
    return filled(
        topic=form["topic"], note=form["note"], papers=form.all("papers"), categories=form.all("categories")
    ) | {"confidential": form["confidential"] == "yes"}


def _field(name: str) -> str:
    parts = name.split(".")
    if parts[0] == "agenda" and len(parts) > 2:
        return parts[2]
    if parts[0] == "actions" and len(parts) > 2:
        return parts[2]
    if parts[0] == "panel":
        return "panel_name" if parts[-1] == "name" else parts[-1]
    return _FORMS_NAME.get(parts[0], parts[0])


_FORMS_NAME = {
    "starts_at": "starts",
    "place": "where",
    "eligibility": "agreed",
    "views": "view",
    "body": "",
}


async def _arranging_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    state = state.with_errors(time_beside_its_day(state.form, state.errors, "starts", "time"))
    view = await _may(visit, case, Deed.ARRANGE_MEETING)
    return visit.page(
        "meetings/arranging.html",
        status,
        case=case,
        state=state,
        kinds=list(KINDS.items()),
        papers=papers_to_choose(view),
        reveals=REVEALS,
    )


async def _meeting(visit: Visit, case: str, meeting: str) -> tuple[MeetingPage, Any]:
    answer = await visit.get(f"/v1/cases/{case}/meetings/{meeting}")
    if not answer["meeting"]["fields"]:
        raise not_found()
    view = await visit.get(f"/v1/cases/{case}")
    page = meeting_page_of(
        answer,
        view,
        await visit.agency_names(),
        visit.session.user,
        visit.acting.agency,
        visit.parts.clock(),
    )
    return page, view


@router.get(ONE)
async def one_meeting(case: Id, meeting: Id, visit: SignedIn) -> Response:
    page, view = await _meeting(visit, case, meeting)
    return visit.page(
        "meetings/meeting.html", case=case, meeting=page, notice=view["notice"], state=FormState()
    )


@router.get(f"{ONE}/room")
async def room(case: Id, meeting: Id, visit: SignedIn) -> Response:
    """For the chair: what of the agenda and its papers everybody who is there may hear."""
    answer = await visit.get(f"/v1/cases/{case}/meetings/{meeting}")
    heard = await visit.get(f"/v1/cases/{case}/meetings/{meeting}/room")
    lines = heard_of(heard, answer, await visit.agency_names())
    return visit.page(
        "meetings/room.html",
        case=case,
        meeting=meeting,
        heard=lines,
        limits=heard["limits"],
        notice=heard["notice"],
    )


@router.post(
    f"{ONE}/invitations/{{invitation}}/acceptance",
    dependencies=[stands_on(_ITS_PAGE)],
)
async def come(case: Id, meeting: Id, invitation: Id, visit: SignedIn, form: SentForm) -> Response:
    return await _answer(visit, form, case, meeting, invitation, "acceptance")


@router.post(
    f"{ONE}/invitations/{{invitation}}/apologies",
    dependencies=[stands_on(_ITS_PAGE)],
)
async def stay_away(case: Id, meeting: Id, invitation: Id, visit: SignedIn, form: SentForm) -> Response:
    return await _answer(visit, form, case, meeting, invitation, "apologies")


async def _answer(visit: Visit, form: Form, case: str, meeting: str, invitation: str, what: str) -> Response:
    path = f"/v1/cases/{case}/meetings/{meeting}/invitations/{invitation}/{what}"
    await visit.send("POST", path, None, once=form.once)
    # Apologies may end what the invitation opened, so that the meeting itself is no longer there to show.
    return see_other(f"/cases/{case}/meetings/{meeting}" if what == "acceptance" else "/to-do")


@form_at(router, f"{ONE}/invitations/new")
async def inviting(visit: SignedIn, case: Id, meeting: Id) -> FormPage:
    return _of_meeting(visit, case, meeting, _inviting_page, "invitations", _invited)


def _invited(form: Form) -> dict[str, Any]:
    """Whoever was chosen from the team, or was named."""
    typed = {name: form[name] for name in ("user", "name", "agency", "role")}
    chosen = form["member"].split("|")
    return filled(**(dict(zip(typed, chosen, strict=True)) if len(chosen) == len(typed) else typed))


async def _inviting_page(visit: Visit, case: str, meeting: str, state: FormState, status: int) -> Response:
    view = await _may(visit, case, Deed.INVITE)
    names = await visit.agency_names()
    others = Deed.REFER in view["may"]
    without = () if others else {code for code in names if code != visit.acting.agency}
    team = [
        ("|".join((one["user"], one["name"], one["agency"], one["role"])), one["name"])
        for one in view["header"]["team"]
        if "|" not in one["name"] and (others or one["agency"] == visit.acting.agency)
    ]
    return visit.page(
        "meetings/inviting.html",
        status,
        case=case,
        meeting=meeting,
        state=state,
        team=team,
        agencies=choice_of(names, state.form, "agency", first=on_team(view), without=without),
        roles=[(role, ROLES[role]) for role in COMING_ROLES],
    )


@form_at(router, f"{ONE}/family/new")
async def inviting_family(visit: SignedIn, case: Id, meeting: Id) -> FormPage:
    return _of_meeting(
        visit, case, meeting, _family_page, "family-invitations", lambda form: filled(person=form["person"])
    )


async def _family_page(visit: Visit, case: str, meeting: str, state: FormState, status: int) -> Response:
    view = await _may(visit, case, Deed.ARRANGE_MEETING)
    people = sorted(people_of(view).items(), key=lambda pair: pair[1].lower())
    return visit.page("meetings/family.html", status, case=case, meeting=meeting, state=state, people=people)


@router.post(f"{ONE}/family/{{invitation}}/word", dependencies=[stands_on(_ITS_PAGE)])
async def family_sends_word(
    case: Id, meeting: Id, invitation: Id, visit: SignedIn, form: SentForm
) -> Response:
    path = f"/v1/cases/{case}/meetings/{meeting}/family-invitations/{invitation}/word"
    await visit.send("POST", path, {"comes": form["comes"] == "yes"}, once=form.once)
    return see_other(f"/cases/{case}/meetings/{meeting}")


@form_at(router, f"{ONE}/chair")
async def naming_chair(visit: SignedIn, case: Id, meeting: Id) -> FormPage:
    return _of_meeting(visit, case, meeting, _chair_page, "chair", lambda form: filled(member=form["member"]))


async def _chair_page(visit: Visit, case: str, meeting: str, state: FormState, status: int) -> Response:
    view = await _may(visit, case, Deed.NAME_CHAIR)
    team = [(one["id"], one["name"]) for one in view["header"]["team"]]
    return visit.page("meetings/chair.html", status, case=case, meeting=meeting, state=state, team=team)


@form_at(router, f"{ONE}/agenda/new")
async def adding(visit: SignedIn, case: Id, meeting: Id) -> FormPage:
    return _of_meeting(
        visit, case, meeting, _agenda_page, "agenda", lambda form: {"agenda": [_item_of(form)]}, _field
    )


async def _agenda_page(visit: Visit, case: str, meeting: str, state: FormState, status: int) -> Response:
    view = await _may(visit, case, Deed.ARRANGE_MEETING)
    return visit.page(
        "meetings/agenda.html",
        status,
        case=case,
        meeting=meeting,
        state=state,
        papers=papers_to_choose(view),
        reveals=REVEALS,
    )


@router.get(f"{ONE}/attendance")
async def who_is_there(case: Id, meeting: Id, visit: SignedIn) -> Response:
    page, _ = await _meeting(visit, case, meeting)
    if not page.may_say_who_is_there:
        raise not_found()
    there = tuple(("present", one.id) for one in page.invited if one.is_there)
    there += tuple(("present", one.id) for one in page.family if one.is_there)
    state = await opened(visit)
    return _attendance_form(visit, case, page, state if state.kept else FormState(Form(there)), 200)


@router.post(f"{ONE}/attendance")
async def say_who_is_there(case: Id, meeting: Id, visit: SignedIn, form: SentForm) -> Response:
    return await send_page(visit, form, _attending(visit, case, meeting))


def _attending(visit: Visit, case: str, meeting: str) -> FormPage:
    return _of_meeting(visit, case, meeting, _attendance_page, "attendance", _present, _field_of_attendance)


def _present(form: Form) -> dict[str, Any]:
    parts = [name.removeprefix("part-") for name in form.names() if name.startswith("part-")]
    return {
        "present": [one for one in form.all("present") if one],
        "confidential_parts": [
            {"item": item, "present": [one for one in form.all(f"part-{item}") if one]} for item in parts
        ],
    }


def _field_of_attendance(name: str) -> str:
    return "present" if name.startswith(("present", "confidential_parts")) else ""


async def _attendance_page(visit: Visit, case: str, meeting: str, state: FormState, status: int) -> Response:
    page, _ = await _meeting(visit, case, meeting)
    return _attendance_form(visit, case, page, state, status)


def _attendance_form(visit: Visit, case: str, page: MeetingPage, state: FormState, status: int) -> Response:
    confidential = [item for item in page.agenda if item.confidential]
    return visit.page(
        "meetings/attendance.html", status, case=case, meeting=page, confidential=confidential, state=state
    )


@form_at(router, f"{ONE}/decisions/new")
async def deciding(visit: SignedIn, case: Id, meeting: Id) -> FormPage:
    return _of_meeting(visit, case, meeting, _decision_page, "decisions", decision_of, _field_of_decision)


def decision_of(form: Form) -> dict[str, Any]:
    """A decision with the views that were heard, and the action that comes of it, where there is one."""
    heard = [(form[f"whose{place}"], form[f"view{place}"]) for place in ("", "_2", "_3")]
    views = [filled(whose=whose, view=view) for whose, view in heard if whose]
    action = _promised(form)
    return filled(
        decision=form["decision"],
        reasons=form["reasons"],
        views=views,
        no_family_view_because=form["no_family_view_because"],
        actions=[action] if action else [],
        categories=form.all("categories"),
    )


def _promised(form: Form) -> dict[str, Any]:
    """An action of a form; nothing where none was named."""
    return _action_of(form) if form["action"] else {}


def _action_of(form: Form) -> dict[str, Any]:
    names = ("desired_outcome", "action", "accountable", "responsible_name")
    return filled(**{name: form[name] for name in names}, by_when=date_of(form, "by_when"))


def _field_of_decision(name: str) -> str:
    parts = name.split(".")
    if parts[0] == "views" and len(parts) > 2:
        place = "" if parts[1] == "0" else f"_{int(parts[1]) + 1}"
        return f"{parts[2]}{place}"
    return {"body": "no_family_view_because"}.get(parts[0]) or _field(name)


async def _decision_page(visit: Visit, case: str, meeting: str, state: FormState, status: int) -> Response:
    view = await _may(visit, case, Deed.ARRANGE_MEETING)
    return visit.page(
        "meetings/decision.html",
        status,
        case=case,
        meeting=meeting,
        state=state,
        whose=WHOSE,
        agencies=await _accountable(visit, view, state),
        reveals=REVEALS,
    )


async def _accountable(visit: Visit, view: Any, state: FormState) -> ServiceChoice:
    """The services that may be asked to do something, those on the team in front where there are many."""
    names = await visit.agency_names()
    return choice_of(names, state.form, "accountable", first=on_team(view), without=())


@form_at(router, f"{ONE}/pledges/new")
async def pledging(visit: SignedIn, case: Id, meeting: Id) -> FormPage:
    return _of_meeting(
        visit, case, meeting, _pledge_page, "pledges", lambda form: {"actions": [_action_of(form)]}, _field
    )


async def _pledge_page(visit: Visit, case: str, meeting: str, state: FormState, status: int) -> Response:
    view = await _may(visit, case, Deed.ARRANGE_MEETING)
    agencies = await _accountable(visit, view, state)
    return visit.page(
        "meetings/pledge.html", status, case=case, meeting=meeting, state=state, agencies=agencies
    )


@form_at(router, f"{ONE}/pledges/{{pledge_id}}/standing")
async def saying(visit: SignedIn, case: Id, meeting: Id, pledge_id: Id) -> FormPage:
    return FormPage(
        show=partial(_standing_page, visit, case, meeting, pledge_id),
        path=f"/v1/cases/{case}/pledges/{pledge_id}/standing",
        content=lambda form: filled(status=form["status"], what_happened=form["what_happened"]),
        then=f"/cases/{case}/meetings/{meeting}",
    )


async def _standing_page(
    visit: Visit, case: str, meeting: str, pledge_id: str, state: FormState, status: int
) -> Response:
    page, _ = await _meeting(visit, case, meeting)
    found = next((one for one in page.pledges if one.id == pledge_id), None)
    if found is None or (not found.may_say and status == 200):
        raise not_found()
    address = f"/cases/{case}/meetings/{meeting}/pledges/{pledge_id}/standing"
    return visit.page(
        "meetings/standing.html", status, case=case, meeting=page, pledge=found, address=address, state=state
    )


@router.post(f"{ONE}/closing", dependencies=[stands_on(_ITS_PAGE)])
async def close(case: Id, meeting: Id, visit: SignedIn, form: SentForm) -> Response:
    await visit.send("POST", f"/v1/cases/{case}/meetings/{meeting}/closing", None, once=form.once)
    return see_other(f"/cases/{case}/meetings/{meeting}")


@router.get(f"{ONE}/cancellation")
async def why_not(case: Id, meeting: Id, visit: SignedIn) -> Response:
    await _may(visit, case, Deed.ARRANGE_MEETING)
    return question_page(visit, _cancelling(case, meeting), await opened(visit))


@router.post(f"{ONE}/cancellation")
async def cancel(case: Id, meeting: Id, visit: SignedIn, form: SentForm) -> Response:
    path, question = f"/v1/cases/{case}/meetings/{meeting}/cancellation", _cancelling(case, meeting)
    return await answer_question(visit, form, question, path, then=f"/cases/{case}/meetings/{meeting}")


def _cancelling(case: str, meeting: str) -> Question:
    return Question(
        address=f"/cases/{case}/meetings/{meeting}/cancellation",
        heading="The meeting does not take place",
        label="Why?",
        hint="Everybody who was invited reads this.",
        button="Cancel the meeting",
        back=("The meeting", f"/cases/{case}/meetings/{meeting}"),
        warns=True,
    )
