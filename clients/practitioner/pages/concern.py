"""Concerns: sending one to social care or the police without seeing anything, reading those that one's own
service was sent, and saying that it has them."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, date_of, form_at
from clients.practitioner.paging import line_with_id
from clients.practitioner.presenters.concerns import concerns_of, sent_of
from clients.practitioner.presenters.services import choice_of
from clients.practitioner.visit import Form, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/concerns")
RECEIVING = ("social_care", "police")
"""The kinds of agency to which a concern goes (design 3.2)."""


@router.get("/received")
async def received(visit: SignedIn, cursor: str | None = None) -> Response:
    """What was sent to one's service, for those of it who may read it."""
    answer = await visit.get("/v1/concerns", cursor=cursor)
    shown = concerns_of(answer, await visit.agency_names())
    return visit.page(
        "concerns/received.html", concerns=shown, cursor=answer["cursor"], notice=answer["notice"]
    )


@router.get("/yours")
async def yours(visit: SignedIn, cursor: str | None = None) -> Response:
    """What somebody sent themselves, and whether it was received."""
    answer = await visit.get("/v1/concerns/sent", cursor=cursor)
    shown = sent_of(answer, await visit.agency_names())
    return visit.page("concerns/yours.html", sent=shown, cursor=answer["cursor"], notice=answer["notice"])


@form_at(router, "/new")
async def sending(visit: SignedIn) -> FormPage:
    return FormPage(
        show=partial(_page, visit),
        path="/v1/concerns",
        content=concern_of,
        then="/concerns/sent",
        fields=_field,
    )


def _field(name: str) -> str:
    """Details of whom it is about stand in fields of their own: ``details.1.fields.date_of_birth``."""
    last = name.rpartition(".")[2]
    return {"full_name_as_written": "name", "body": "not_told_because"}.get(last, last)


@router.get("/sent")
async def done(visit: SignedIn) -> Response:
    return visit.page("concerns/done.html")


@form_at(router, "/received/{concern}")
async def acknowledging(visit: SignedIn, concern: Id) -> FormPage:
    """One concern with all that it says; its form says that it was received."""
    return FormPage(
        show=partial(_concern_page, visit, concern),
        path=f"/v1/concerns/{concern}/acknowledgement",
        then="/concerns/received",
    )


async def _concern_page(visit: Visit, concern: str, state: FormState, status: int) -> Response:
    line = await line_with_id(visit.get, "/v1/concerns", "concerns", concern)
    if line is None:
        raise not_found()
    [found] = concerns_of({"concerns": [line]}, await visit.agency_names())
    return visit.page("concerns/concern.html", status, concern=found, state=state)


async def _page(visit: Visit, state: FormState, status: int) -> Response:
    agencies = (await visit.whole("/v1/agencies", "agencies"))["agencies"]
    receiving = {agency["code"]: agency["name"] for agency in agencies if agency["kind"] in RECEIVING}
    return visit.page(
        "concerns/new.html", status, state=state, agencies=choice_of(receiving, state.form, "recipient")
    )


def concern_of(form: Form) -> dict[str, Any]:
    """The concern in the API's words; what was not answered is left for the API to ask for."""
    answered = {"yes": True, "no": False}
    sent = {
        "recipient": form["recipient"],
        "about": form["about"],
        "worry": form["worry"],
        "when": form["when"],
        "immediate_danger": answered.get(form["immediate_danger"]),
        "family_told": answered.get(form["family_told"]),
        "not_told_because": form["not_told_because"] or None,
    }
    name = {"full_name_as_written": form["name"]} if form["name"] else {}
    born = date_of(form, "date_of_birth")
    details = [{"kind": "name", "fields": name}] if name else []
    details += [{"kind": "birth", "fields": {"date_of_birth": born}}] if born else []
    return {key: value for key, value in sent.items() if value not in (None, "")} | {"details": details}
