"""The owner's key: what other services ask a manager's service to share, and the manager's answer."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, form_at
from clients.practitioner.presenters.sharing_requests import Request, requests_of
from clients.practitioner.visit import Form, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter()


@router.get("/sharing-requests")
async def requests(visit: SignedIn) -> Response:
    listed = await _requests(visit)
    asked = [one for one in listed if one.answers]
    return visit.page(
        "sharing_requests/list.html", of_us=asked, by_us=[one for one in listed if not one.answers]
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
