"""Finding somebody by two details, and learning only what may be known of them."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, date_of, errors_of, opened
from clients.practitioner.gateway_client import Refused
from clients.practitioner.visit import Form, SentForm, SignedIn

router = APIRouter(prefix="/people/find")


@router.get("")
async def form(visit: SignedIn) -> Response:
    return visit.page("find.html", state=await opened(visit), people=None)


@router.post("")
async def find(visit: SignedIn, form: SentForm) -> Response:
    mistakes = mistakes_in_search(form)
    if mistakes:
        return visit.page("find.html", 422, state=FormState(form, mistakes), people=None)
    try:
        answer = await visit.send("POST", "/v1/people/search", asked(form), once=form.once)
    except Refused as refused:
        if refused.status != 422:
            raise
        state = FormState(form, errors_of(refused, {}))
        return visit.page("find.html", 422, state=state, people=None)
    names = await visit.agency_names()
    return visit.page("find.html", state=FormState(form), people=answer["people"], names=names)


def mistakes_in_search(form: Form) -> dict[str, str]:
    """Fewer than two details find nobody, and a parent's name those alone who are not born yet."""
    details = asked(form)
    if {"date_of_birth", "expected_date_of_delivery"} <= details.keys():
        return {"date_of_birth": "Write one of the two days: when they were born, or when they are expected."}
    if "parent_name" in details and "expected_date_of_delivery" not in details:
        return {
            "parent_name": "A parent's name finds a child who is not born yet: write the expected date too."
        }
    if len(details) < 2:
        return {
            "name": "Give two of these: name, date of birth, NHS number, unique pupil number. "
            "Of a child who is not born yet, the expected date and a parent's name."
        }
    return {}


def asked(form: Form) -> dict[str, Any]:
    """The details that were filled in."""
    details = {name: form[name] for name in ("name", "nhs_number", "upn", "parent_name")}
    days = {name: date_of(form, name) for name in ("date_of_birth", "expected_date_of_delivery")}
    return {name: value for name, value in (details | days).items() if value}
