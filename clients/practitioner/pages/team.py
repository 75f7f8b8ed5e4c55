"""The team around the family and who is in charge: joining, leaving, being asked to lead, answering, handing
over, standing in; and the cases that nobody leads."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.downloads import download, download_address
from clients.practitioner.forms import (
    FormPage,
    FormState,
    Question,
    answer_question,
    date_of,
    filled,
    form_at,
    opened,
    question_page,
)
from clients.practitioner.pages.team_cases import finds_somebody_to_lead
from clients.practitioner.presenters.caseload import CASES, cases_of, table_of
from clients.practitioner.presenters.services import choice_of, on_team
from clients.practitioner.presenters.team import (
    Member,
    TeamPage,
    asked_of,
    deputies_of,
    nominees_of,
    team_page_of,
)
from clients.practitioner.visit import SentForm, SignedIn, Visit, see_other, stands_on
from clients.practitioner.words import ROLES
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter()
ON_CASE = "/cases/{case}"
JOINING_ROLES = (
    "practitioner",
    "safeguarding_lead",
    "team_manager",
    "coordinator",
    "volunteer",
    "panel_member",
)
"""Roles in which people join a team."""


async def _team(visit: Visit, case: str) -> tuple[TeamPage, Any]:
    view = await visit.get(f"/v1/cases/{case}")
    lead = await visit.get(f"/v1/cases/{case}/lead-professional")
    names = await visit.agency_names()
    return team_page_of(view, lead, names, visit.session.user, visit.acting.agency), view


@router.get(f"{ON_CASE}/team")
async def team(case: Id, visit: SignedIn) -> Response:
    page, view = await _team(visit, case)
    return visit.page("team/team.html", case=case, team=page, notice=view["notice"], state=FormState())


@form_at(router, f"{ON_CASE}/team/new")
async def joining(visit: SignedIn, case: Id) -> FormPage:
    names = ("user", "name", "agency", "role", "job_title", "telephone")
    return FormPage(
        show=partial(_joining_page, visit, case),
        path=f"/v1/cases/{case}/team",
        content=lambda form: filled(**{name: form[name] for name in names}),
        then=f"/cases/{case}/team",
    )


async def _joining_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.ADD_TO_TEAM not in view["may"]:
        raise not_found()
    names = await visit.agency_names()
    # Another service joins only where that is not refused to everybody of it (design 3.2).
    only_own = Deed.REFER not in view["may"]
    without = {code for code in names if code != visit.acting.agency} if only_own else {"family"}
    return visit.page(
        "team/joining.html",
        status,
        case=case,
        state=state,
        agencies=choice_of(names, state.form, "agency", first=on_team(view), without=without),
        only_own=only_own,
        roles=[(role, ROLES[role]) for role in JOINING_ROLES],
    )


async def _member(visit: Visit, case: str, member: str) -> Member:
    page, _ = await _team(visit, case)
    found = next((one for one in page.members if one.id == member), None)
    if found is None:
        raise not_found()
    return found


@router.get(f"{ON_CASE}/team/{{member}}/ending")
async def leave(case: Id, member: Id, visit: SignedIn) -> Response:
    question = _ending(case, await _member(visit, case, member))
    return question_page(visit, question, await opened(visit))


@router.post(f"{ON_CASE}/team/{{member}}/ending")
async def end(case: Id, member: Id, visit: SignedIn, form: SentForm) -> Response:
    path, question = f"/v1/cases/{case}/team/{member}", _ending_of(case, member, "Leaving the team", "")
    left = f"/cases/{case}/team/left"
    return await answer_question(visit, form, question, path, then=left, method="DELETE")


def _ending(case: str, member: Member) -> Question:
    if not member.may_end:
        raise not_found()
    heading = "Leave this team" if member.is_self else f"{member.name} leaves the team"
    warning = " They lead this case: until somebody else does, nobody is in charge." if member.leads else ""
    return _ending_of(case, member.id, heading, f"Their access to this case ends at once.{warning}")


def _ending_of(case: str, member: str, heading: str, intro: str) -> Question:
    return Question(
        address=f"/cases/{case}/team/{member}/ending",
        heading=heading,
        intro=intro,
        label="Why?",
        hint="For example, moved to another post",
        button="End it now",
        back=("The team", f"/cases/{case}/team"),
        warns=True,
    )


@router.get(f"{ON_CASE}/team/left")
async def left(case: Id, visit: SignedIn) -> Response:
    """That a place on the team has ended: of one's own, after which the case may be gone."""
    return visit.page("team/left.html", case=case)


@form_at(router, f"{ON_CASE}/team/{{member}}/lead")
async def asking(visit: SignedIn, case: Id, member: Id) -> FormPage:
    names = ("by", "exceeds_cap_because")
    return FormPage(
        show=partial(_asking_page, visit, case, member),
        path=f"/v1/cases/{case}/lead-professional/nominations",
        content=lambda form: filled(member=member, **{name: form[name] for name in names}),
        then=f"/cases/{case}/team",
    )


async def _asking_page(visit: Visit, case: str, member: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    header, may = view["header"], view["may"]
    if not {Deed.NOMINATE_LEAD, Deed.NOMINATE_FOR_PANEL}.intersection(may):
        raise not_found()
    answer = await visit.get(f"/v1/cases/{case}/lead-professional/nominees")
    people = nominees_of(answer, await visit.agency_names())
    found = next((one for one in people if one.id == member), None)
    # Nobody asks themselves, but who has the case to themselves (decision 30).
    user = visit.session.user
    alone = all(one["user"] == user for one in header["team"])
    if found is not None and found.user == user and not alone:
        found = None
    if (found is None or header["state"] != "open") and status == 200:
        raise not_found()
    lead = header["lead_professional"]
    return visit.page(
        "team/asking.html", status, case=case, member=found, address=f"/cases/{case}/team/{member}/lead",
        leads=None if lead is None else lead["name"], weight=answer["weight"],
        by="team" if Deed.NOMINATE_LEAD in may else "panel", state=state,
    )  # fmt: skip


@router.get(f"{ON_CASE}/nominations/{{nomination}}")
async def nomination(case: Id, nomination: Id, visit: SignedIn) -> Response:
    """What somebody said who was asked to lead, for those who are told."""
    answer = await visit.get(f"/v1/cases/{case}/lead-professional/nominations/{nomination}")
    asked = asked_of(answer, await visit.agency_names())
    return visit.page("team/nomination.html", case=case, asked=asked, notice=answer["notice"])


@router.post(f"{ON_CASE}/nominations/{{nomination}}/acceptance", dependencies=[stands_on(f"{ON_CASE}/team")])
async def accept(case: Id, nomination: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/lead-professional/nominations/{nomination}/acceptance"
    await visit.send("POST", path, None, once=form.once)
    return see_other(f"/cases/{case}/team")


@router.post(f"{ON_CASE}/nominations/{{nomination}}/withdrawal", dependencies=[stands_on(f"{ON_CASE}/team")])
async def take_back(case: Id, nomination: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/lead-professional/nominations/{nomination}/withdrawal"
    await visit.send("POST", path, None, once=form.once)
    return see_other(f"/cases/{case}/team")


@router.get(f"{ON_CASE}/nominations/{{nomination}}/refusal")
async def why_not(case: Id, nomination: Id, visit: SignedIn) -> Response:
    return question_page(visit, _refusing(case, nomination), await opened(visit))


@router.post(f"{ON_CASE}/nominations/{{nomination}}/refusal")
async def refuse(case: Id, nomination: Id, visit: SignedIn, form: SentForm) -> Response:
    path, question = _path(case, nomination, "refusal"), _refusing(case, nomination)
    return await answer_question(visit, form, question, path, then=f"/cases/{case}/team")


@router.get(f"{ON_CASE}/nominations/{{nomination}}/objection")
async def what_against(case: Id, nomination: Id, visit: SignedIn) -> Response:
    return question_page(visit, _objecting(case, nomination), await opened(visit))


@router.post(f"{ON_CASE}/nominations/{{nomination}}/objection")
async def object_to(case: Id, nomination: Id, visit: SignedIn, form: SentForm) -> Response:
    path, question = _path(case, nomination, "objection"), _objecting(case, nomination)
    return await answer_question(visit, form, question, path, then=f"/cases/{case}/team")


def _path(case: str, nomination: str, what: str) -> str:
    return f"/v1/cases/{case}/lead-professional/nominations/{nomination}/{what}"


def _refusing(case: str, nomination: str) -> Question:
    return Question(
        address=f"/cases/{case}/nominations/{nomination}/refusal",
        heading="Say no to being lead professional",
        label="Why not?",
        hint="Whoever asked you reads this, and asks somebody else.",
        button="Say no",
        back=("The team", f"/cases/{case}/team"),
    )


def _objecting(case: str, nomination: str) -> Question:
    return Question(
        address=f"/cases/{case}/nominations/{nomination}/objection",
        heading="Object for your service",
        label="Why should they not lead this case?",
        button="Object",
        back=("The team", f"/cases/{case}/team"),
    )


@router.get(f"{ON_CASE}/team/deputies")
async def deputies(case: Id, visit: SignedIn) -> Response:
    """Who stood in for the lead, stands in and will."""
    view = await visit.get(f"/v1/cases/{case}")
    answer = await visit.whole(f"/v1/cases/{case}/lead-professional/deputies", "deputies")
    may_end = Deed.NAME_DEPUTY in view["may"]
    shown = deputies_of(answer, await visit.agency_names(), visit.today.isoformat(), may_end=may_end)
    return visit.page(
        "team/deputies.html", case=case, deputies=shown, notice=answer["notice"], state=FormState()
    )


@router.post(
    f"{ON_CASE}/team/deputies/{{deputy}}/ending", dependencies=[stands_on(f"{ON_CASE}/team/deputies")]
)
async def end_deputy(case: Id, deputy: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/lead-professional/deputies/{deputy}"
    await visit.send("DELETE", path, None, once=form.once)
    return see_other(f"/cases/{case}/team/deputies")


@form_at(router, f"{ON_CASE}/team/{{member}}/deputy")
async def standing_in(visit: SignedIn, case: Id, member: Id) -> FormPage:
    return FormPage(
        show=partial(_deputy_page, visit, case, member),
        path=f"/v1/cases/{case}/lead-professional/deputies",
        content=lambda form: filled(
            member=member, since=date_of(form, "since"), until=date_of(form, "until")
        ),
        then=f"/cases/{case}/team",
    )


async def _deputy_page(visit: Visit, case: str, member: str, state: FormState, status: int) -> Response:
    found = await _member(visit, case, member)
    if not found.may_stand_in and status == 200:
        raise not_found()
    address = f"/cases/{case}/team/{member}/deputy"
    return visit.page("team/deputy.html", status, case=case, member=found, address=address, state=state)


@router.get("/vacancies")
async def vacancies(visit: SignedIn, cursor: str | None = None) -> Response:
    """The cases that nobody leads."""
    answer = await visit.get("/v1/cases", filter="no_lead", cursor=cursor)
    return visit.page(
        "team/vacancies.html",
        cases=cases_of(answer),
        cursor=answer["cursor"],
        notice=answer["notice"],
        assigns=finds_somebody_to_lead(visit),
        file=download_address("/vacancies", cursor=cursor),
    )


@router.get("/vacancies/download")
async def download_vacancies(visit: SignedIn, cursor: str | None = None) -> Response:
    """The list as it stands on its page."""
    answer = await visit.get("/v1/cases", filter="no_lead", cursor=cursor)
    return download("nobody-in-charge", CASES, table_of(cases_of(answer)))
