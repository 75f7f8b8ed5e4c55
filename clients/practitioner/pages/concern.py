"""Sending a concern to social care or the police, without seeing anything."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, date_of, form_at
from clients.practitioner.presenters.services import choice_of
from clients.practitioner.visit import Form, SignedIn, Visit

router = APIRouter(prefix="/concerns")
RECEIVING = ("social_care", "police")
"""The kinds of agency to which a concern goes (design 3.2)."""


@form_at(router, "/new")
async def sending(visit: SignedIn) -> FormPage:
    return FormPage(
        show=partial(_page, visit), path="/v1/concerns", content=concern_of, then="/concerns/sent"
    )


@router.get("/sent")
async def done(visit: SignedIn) -> Response:
    return visit.page("concern_sent.html")


async def _page(visit: Visit, state: FormState, status: int) -> Response:
    agencies = (await visit.whole("/v1/agencies", "agencies"))["agencies"]
    receiving = {agency["code"]: agency["name"] for agency in agencies if agency["kind"] in RECEIVING}
    return visit.page(
        "concern.html", status, state=state, agencies=choice_of(receiving, state.form, "recipient")
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
