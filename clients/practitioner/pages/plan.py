"""The plan: goals and actions in full; agreeing them, answering for what one's service is asked, saying how
it stands and what came of it, asking for news."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, date_of, filled, form_at, open_page, send_page
from clients.practitioner.presenters.asking import SINGLY
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.plan import Action, Goal, PlanPage, plan_page_of
from clients.practitioner.presenters.services import choice_of, on_team
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other, stands_on
from clients.practitioner.words import in_words
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}")
_STANDS_ON_NEEDS = stands_on("/cases/{case}/actions/{action}/needs")
STATUSES = (("in_progress", "It is under way"), ("done", "Done"), ("not_done", "It was not done"))
REVEALS: Sequence[tuple[str, str]] = [(category.value, in_words(category)) for category in SINGLY]
"""What a wording may reveal besides the plan itself, asked of whoever writes it."""


async def _plan(visit: Visit, case: str) -> tuple[PlanPage, Any]:
    view = await visit.get(f"/v1/cases/{case}")
    answer = await visit.whole(f"/v1/cases/{case}/actions", "entries", "follow_up")
    return plan_page_of(view, answer, await visit.agency_names(), visit.acting.agency), view


@router.get("/plan")
async def plan(case: Id, visit: SignedIn) -> Response:
    page, view = await _plan(visit, case)
    return visit.page("plan/plan.html", case=case, plan=page, notice=view["notice"], state=FormState())


@form_at(router, "/plan/actions/new")
async def agreeing(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_action_page, visit, case),
        path=f"/v1/cases/{case}/actions",
        content=lambda form: {"actions": [action_of(form)]},
        then=f"/cases/{case}/plan",
        fields=_field,
    )


def action_of(form: Form) -> dict[str, Any]:
    """An action in the API's words; what was not answered is left for the API to ask for."""
    names = (
        "desired_outcome",
        "action",
        "accountable",
        "responsible_name",
        "responsible_user",
        "family_wishes",
        "goal",
    )
    return filled(
        **{name: form[name] for name in names},
        by_when=date_of(form, "by_when"),
        categories=[value for value in form.all("categories") if value],
        subjects=[value for value in form.all("subjects") if value],
    )


def _field(name: str) -> str:
    parts = name.split(".")
    return parts[2] if parts[0] == "actions" and len(parts) > 2 else parts[0]


async def _action_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view, names = await _written(visit, case), await visit.agency_names()
    goals = [
        (one["id"], one["fields"]["goal"])
        for one in view["areas"]["plan"]
        if one["kind"] == "plan_goal" and one["fields"].get("status") == "open" and "goal" in one["fields"]
    ]
    return visit.page(
        "plan/action.html",
        status,
        case=case,
        state=state,
        agencies=choice_of(names, state.form, "accountable", first=on_team(view), without=()),
        goals=goals,
        people=list(people_of(view).items()),
        reveals=REVEALS,
    )


async def _written(visit: Visit, case: str) -> Any:
    """The case, for whoever writes in it; the 404 for others."""
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.CONTRIBUTE not in view["may"]:
        raise not_found()
    return view


@form_at(router, "/plan/goals/new")
async def aiming(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_goal_page, visit, case),
        path=f"/v1/cases/{case}/goals",
        content=_goal_of,
        then=f"/cases/{case}/plan",
        fields=_field,
    )


def _goal_of(form: Form) -> dict[str, Any]:
    return filled(
        goal=form["goal"],
        by_when=date_of(form, "by_when"),
        family_wishes=form["family_wishes"],
        categories=form.all("categories"),
        subjects=form.all("subjects"),
    )


async def _goal_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await _written(visit, case)
    people = list(people_of(view).items())
    return visit.page("plan/goal.html", status, case=case, state=state, people=people, reveals=REVEALS)


@form_at(router, "/actions/{action}/part")
async def taking_on_a_part(visit: SignedIn, case: Id, action: Id) -> FormPage:
    return FormPage(
        show=partial(_part_page, visit, case, action),
        path=f"/v1/cases/{case}/actions/{action}/partial-acceptance",
        content=lambda form: filled(part=form["part"], reason=form["reason"]),
        then=f"/cases/{case}/plan",
    )


async def _part_page(visit: Visit, case: str, action: str, state: FormState, status: int) -> Response:
    if status == 200 and not (await _action(visit, case, action)).may_answer:
        raise not_found()
    address = f"/cases/{case}/actions/{action}/part"
    return visit.page("plan/part.html", status, case=case, address=address, state=state)


async def _action(visit: Visit, case: str, action: str) -> Action:
    page, _ = await _plan(visit, case)
    found = next((one for one in page.actions if one.id == action), None)
    if found is None:
        raise not_found()
    return found


@form_at(router, "/actions/{action}/status")
async def saying_how_it_stands(visit: SignedIn, case: Id, action: Id) -> FormPage:
    return FormPage(
        show=partial(_status_page, visit, case, action),
        path=f"/v1/cases/{case}/actions/{action}",
        content=lambda form: filled(status=form["status"], outcome=form["outcome"]),
        then=f"/cases/{case}/plan",
        method="PATCH",
        fields=_field_of_status,
    )


def _field_of_status(name: str) -> str:
    return "status" if name in ("body", "") else name


async def _status_page(visit: Visit, case: str, action: str, state: FormState, status: int) -> Response:
    found = await _action(visit, case, action)
    if not found.may_say_how_it_stands and status == 200:
        raise not_found()
    address = f"/cases/{case}/actions/{action}/status"
    return visit.page(
        "plan/status.html", status, case=case, action=found, address=address, statuses=STATUSES, state=state
    )


@form_at(router, "/actions/{action}/person")
async def giving_to(visit: SignedIn, case: Id, action: Id) -> FormPage:
    """Somebody else of the same service does it."""
    return FormPage(
        show=partial(_person_page, visit, case, action),
        path=f"/v1/cases/{case}/actions/{action}",
        content=lambda form: filled(
            responsible_name=form["responsible_name"], responsible_user=form["responsible_user"]
        ),
        then=f"/cases/{case}/plan",
        method="PATCH",
        fields={"body": "responsible_name"},
    )


async def _person_page(visit: Visit, case: str, action: str, state: FormState, status: int) -> Response:
    found = await _action(visit, case, action)
    if not found.may_say_how_it_stands and status == 200:
        raise not_found()
    return visit.page("plan/person.html", status, case=case, action=found, state=state)


@form_at(router, "/actions/{action}/needs")
async def waiting_for(visit: SignedIn, case: Id, action: Id) -> FormPage:
    """What has to be done before an action."""
    return FormPage(
        show=partial(_needs_page, visit, case, action),
        path=f"/v1/cases/{case}/actions/{action}/dependencies",
        content=lambda form: filled(needs=form["needs"]),
        then=f"/cases/{case}/actions/{action}/needs",
    )


async def _needs_page(visit: Visit, case: str, action: str, state: FormState, status: int) -> Response:
    page, _ = await _plan(visit, case)
    found = next((one for one in page.actions if one.id == action and one.may_say_what_it_needs), None)
    if found is None:
        raise not_found()
    others = [
        (one.id, one.what)
        for one in page.actions
        if one.id != action and one.id not in found.needs and one.may_say_what_it_needs
    ]
    needs = list(zip(found.needs, found.waits_for, strict=True))
    address = f"/cases/{case}/actions/{action}/needs"
    return visit.page(
        "plan/needs.html", status, case=case, action=found, address=address, needs=needs, others=others,
        state=state, ending=FormState(),
    )  # fmt: skip


@router.post(
    "/actions/{action}/needs/{needs}/ending",
    dependencies=[_STANDS_ON_NEEDS],
)
async def wait_no_more(case: Id, action: Id, needs: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/actions/{action}/dependencies/{needs}"
    await visit.send("DELETE", path, None, once=form.once)
    return see_other(f"/cases/{case}/actions/{action}/needs")


@router.get("/plan/carried-over/{assessment}")
async def what_to_carry(case: Id, assessment: Id, visit: SignedIn) -> Response:
    """What a signed assessment has that the plan has not yet."""
    return await open_page(visit, _carrying(visit, case, assessment, "actions"))


@router.post("/plan/carried-over/{assessment}")
async def carry_over(case: Id, assessment: Id, visit: SignedIn, form: SentForm) -> Response:
    if form["what"] not in _CARRIED:
        missing = {"what": "Choose what is carried into the plan."}
        return await _carrying_page(visit, case, assessment, FormState(form, missing), 422)
    return await send_page(visit, form, _carrying(visit, case, assessment, form["what"]))


_CARRIED = frozenset({"actions", "goals"})


def _carrying(visit: Visit, case: str, assessment: str, what: str) -> FormPage:
    return FormPage(
        show=partial(_carrying_page, visit, case, assessment),
        path=f"/v1/cases/{case}/{what}",
        content=lambda form: {
            "carry_over_from": assessment,
            "wording_reveals_nothing_sensitive": form["reveals"] == "nothing",
        },
        then=f"/cases/{case}/plan",
        fields={"carry_over_from": "what"},
    )


async def _carrying_page(visit: Visit, case: str, assessment: str, state: FormState, status: int) -> Response:
    page, _ = await _plan(visit, case)
    found = next((one for one in page.to_carry if one.id == assessment), None)
    if found is None:
        raise not_found()
    offered = [
        (what, f"{count} {words}")
        for what, count, words in (
            ("actions", found.actions, "of what was agreed"), ("goals", found.goals, "of its goals"),
        )
        if count
    ]  # fmt: skip
    address = f"/cases/{case}/plan/carried-over/{assessment}"
    return visit.page(
        "plan/carrying.html",
        status,
        case=case,
        assessment=found,
        address=address,
        offered=offered,
        state=state,
    )


@router.post("/actions/{action}/news", dependencies=[stands_on("/cases/{case}/plan")])
async def ask_for_news(case: Id, action: Id, visit: SignedIn, form: SentForm) -> Response:
    await visit.send("POST", f"/v1/cases/{case}/actions/{action}/news-requests", None, once=form.once)
    return see_other(f"/cases/{case}/plan")


@form_at(router, "/goals/{goal}/status")
async def saying_what_came_of_it(visit: SignedIn, case: Id, goal: Id) -> FormPage:
    return FormPage(
        show=partial(_ending_page, visit, case, goal),
        path=f"/v1/cases/{case}/goals/{goal}",
        content=lambda form: filled(status=form["status"], what_came_of_it=form["what_came_of_it"]),
        then=f"/cases/{case}/plan",
        method="PATCH",
        fields=_field_of_status,
    )


async def _ending_page(visit: Visit, case: str, goal: str, state: FormState, status: int) -> Response:
    page, _ = await _plan(visit, case)
    found: Goal | None = next((one for one in page.goals if one.id == goal), None)
    if found is None or (not found.may_change and status == 200):
        raise not_found()
    address = f"/cases/{case}/goals/{goal}/status"
    return visit.page("plan/goal_status.html", status, case=case, goal=found, address=address, state=state)
