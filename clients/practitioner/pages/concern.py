"""Sending a concern to social care or the police, without seeing anything."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, date_of, opened, sent
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit

router = APIRouter(prefix="/concerns")
RECEIVING = ("social_care", "police")
"""The kinds of agency to which a concern goes (design 3.2)."""


@router.get("/new")
async def form(visit: SignedIn) -> Response:
    return await _page(visit, await opened(visit))


@router.post("/new")
async def send(visit: SignedIn, form: SentForm) -> Response:
    async def write() -> Any:
        return await visit.send("POST", "/v1/concerns", concern_of(form), once=form.once)

    async def again(state: FormState) -> Response:
        return await _page(visit, state, 422)

    return await sent(form, write, then="/concerns/sent", again=again)


@router.get("/sent")
async def done(visit: SignedIn) -> Response:
    return visit.page("concern_sent.html")


async def _page(visit: Visit, state: FormState, status: int = 200) -> Response:
    agencies = (await visit.whole("/v1/agencies", "agencies"))["agencies"]
    receiving = [(agency["code"], agency["name"]) for agency in agencies if agency["kind"] in RECEIVING]
    return visit.page("concern.html", status, state=state, agencies=receiving)


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
