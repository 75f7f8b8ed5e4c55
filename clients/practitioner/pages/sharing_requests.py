"""The two keys: asking another service to share, the answer of its manager, and the answer of the family."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, date_of, filled, form_at, midnight_of
from clients.practitioner.presenters.asking import (
    BY_THEMSELVES,
    CAPACITIES,
    EVIDENCE,
    LEVELS,
    field_of,
    word_of,
)
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.services import choice_of, on_team
from clients.practitioner.presenters.sharing_requests import Request, requests_of
from clients.practitioner.visit import Form, SignedIn, Visit
from clients.practitioner.words import CATEGORIES
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter()
ON_CASE = "/cases/{case}/sharing-requests"


@router.get("/sharing-requests")
async def requests(visit: SignedIn) -> Response:
    listed = await _requests(visit)
    asked = [one for one in listed if one.is_ours]
    return visit.page(
        "sharing_requests/list.html", of_us=asked, by_us=[one for one in listed if not one.is_ours]
    )


@form_at(router, "/sharing-requests/{request}")
async def answering(visit: SignedIn, request: Id) -> FormPage:
    return FormPage(
        show=partial(_page, visit, request),
        path=f"/v1/sharing-requests/{request}/owner-answer",
        content=_answer,
        then="/sharing-requests",
    )


def _answer(form: Form) -> dict[str, Any]:
    """The answer in the API's words; of what was asked all is released that is still ticked."""
    content: dict[str, Any] = {name: form[name] for name in ("answer", "reason") if form[name]}
    ticked, asked = form.all("categories"), form.all("asked")
    if form["answer"] == "released" and ticked != asked:
        content["categories"] = ticked
    return content


async def _requests(visit: Visit) -> list[Request]:
    return requests_of(
        await visit.whole("/v1/sharing-requests", "sharing_requests"), await visit.agency_names()
    )


async def _page(visit: Visit, id: str, state: FormState, status: int) -> Response:
    found = next((one for one in await _requests(visit) if one.id == id and one.answers), None)
    if found is None:
        raise not_found()
    if not state.form.fields:
        state = FormState(Form(tuple(("categories", one) for one, _ in found.what)))
    return visit.page("sharing_requests/answer.html", status, asked=found, state=state)


@router.get(ON_CASE)
async def requests_of_case(case: Id, visit: SignedIn) -> Response:
    """What is asked about a case, as the side sees it on which the reader stands."""
    answer = await visit.whole(f"/v1/cases/{case}/sharing-requests", "sharing_requests")
    view = await visit.get(f"/v1/cases/{case}")
    return visit.page(
        "sharing_requests/of_case.html",
        case=case,
        asked=requests_of(answer, await visit.agency_names(), view["may"]),
        may_ask=Deed.REQUEST_SHARING in view["may"],
        notice=answer["notice"],
    )


@form_at(router, f"{ON_CASE}/new")
async def asking(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_asking_page, visit, case),
        path=f"/v1/cases/{case}/sharing-requests",
        content=request_of,
        then=f"/cases/{case}/sharing-requests",
        fields={"body": "categories"},
    )


def request_of(form: Form) -> dict[str, Any]:
    """The request in the API's words: to help, in full or in short, until the end of a day."""
    return {
        **filled(**{name: form[name] for name in ("owner", "subject", "level", "reason")}),
        "categories": form.all("categories"),
        "purpose": "support",
        **filled(valid_until=midnight_of(date_of(form, "valid_until"))),
    }


async def _asking_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.REQUEST_SHARING not in view["may"]:
        raise not_found()
    names, person = await visit.agency_names(), view["header"]["person"]
    people = people_of(view) or {person["id"]: "The person whom the case is about"}
    others = choice_of(
        names, state.form, "owner", first=on_team(view), without=("family", visit.acting.agency)
    )
    return visit.page(
        "sharing_requests/new.html",
        status,
        case=case,
        state=state,
        agencies=others,
        people=list(people.items()),
        categories=list(CATEGORIES.items()),
        levels=list(LEVELS.items()),
    )


@form_at(router, f"{ON_CASE}/{{request}}/family")
async def answering_for_family(visit: SignedIn, case: Id, request: Id) -> FormPage:
    """The family's key: what they say to a request, with them beside you."""
    return FormPage(
        show=partial(_family_page, visit, case, request),
        path=f"/v1/cases/{case}/sharing-requests/{request}/family-answer",
        content=lambda form: word_of(form, agrees=form["agrees"] == "yes"),
        then=f"/cases/{case}/sharing-requests",
        fields=field_of,
    )


async def _family_page(visit: Visit, case: str, id: str, state: FormState, status: int) -> Response:
    answer = await visit.whole(f"/v1/cases/{case}/sharing-requests", "sharing_requests")
    view, names = await visit.get(f"/v1/cases/{case}"), await visit.agency_names()
    found = next((one for one in requests_of(answer, names, view["may"]) if one.id == id), None)
    if found is None or not found.family_may_answer:
        raise not_found()
    people = people_of(view)
    return visit.page(
        "sharing_requests/family.html",
        status,
        case=case,
        state=state,
        asked=found,
        about=[(one, name) for one, name in people.items() if found.subject in (None, one)],
        people=list(people.items()),
        capacities=[one for one in CAPACITIES if one[0] in BY_THEMSELVES],
        evidence=EVIDENCE,
    )
