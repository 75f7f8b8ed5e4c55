"""Contacts: what was tried and what came of it. No answer means trying again; an informed no is respected."""

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
    time_beside_its_day,
)
from clients.practitioner.pages.plan import REVEALS
from clients.practitioner.presenters.contacts import (
    EVENTS,
    HOW,
    OUTCOMES,
    ContactsPage,
    contacts_page_of,
)
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}")


async def _contacts(visit: Visit, case: str) -> tuple[ContactsPage, Any]:
    view = await visit.get(f"/v1/cases/{case}")
    answer = await visit.whole(f"/v1/cases/{case}/contacts", "entries")
    return contacts_page_of(answer, view, await visit.agency_names(), visit.acting.agency), answer["notice"]


@router.get("/contacts")
async def contacts(case: Id, visit: SignedIn) -> Response:
    page, notice = await _contacts(visit, case)
    return visit.page("contacts/contacts.html", case=case, page=page, notice=notice)


@form_at(router, "/contacts/new")
async def recording(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_contact_page, visit, case),
        path=f"/v1/cases/{case}/contacts",
        content=contact_of,
        then=f"/cases/{case}/contacts",
        fields=_field,
    )


def contact_of(form: Form) -> dict[str, Any]:
    """The contact in the API's words."""
    names = ("how", "sought_by", "outcome", "with_whom", "what_was_explained", "note")
    return filled(
        **{name: form[name] for name in names},
        when=moment_of(form, "when", "time"),
        categories=form.all("categories"),
    )


def _field(name: str) -> str:
    return {"body": "what_was_explained"}.get(name) or name.partition(".")[0]


async def _contact_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    state = state.with_errors(time_beside_its_day(state.form, state.errors, "when", "time"))
    page, _ = await _contacts(visit, case)
    if not page.may_record:
        raise not_found()
    return visit.page(
        "contacts/contact.html",
        status,
        case=case,
        page=page,
        state=state,
        how=HOW,
        outcomes=OUTCOMES,
        reveals=REVEALS,
    )


@form_at(router, "/life-events/new")
async def something_changed(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_event_page, visit, case),
        path=f"/v1/cases/{case}/life-events",
        content=_event_of,
        then=f"/cases/{case}/contacts",
        fields=_field,
    )


def _event_of(form: Form) -> dict[str, Any]:
    return filled(
        event=form["event"],
        happened_on=date_of(form, "happened_on"),
        note=form["note"],
        categories=form.all("categories"),
    )


async def _event_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    page, _ = await _contacts(visit, case)
    if not page.may_record:
        raise not_found()
    return visit.page("contacts/event.html", status, case=case, state=state, events=EVENTS, reveals=REVEALS)


@router.get("/contacts/reopening")
async def ask_once_more(case: Id, visit: SignedIn) -> Response:
    page, _ = await _contacts(visit, case)
    if not page.may_reopen:
        raise not_found()
    return question_page(visit, _reopening(case), await opened(visit))


@router.post("/contacts/reopening")
async def reopen(case: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/contacts/reopening"
    return await answer_question(visit, form, _reopening(case), path, then=f"/cases/{case}/contacts")


def _reopening(case: str) -> Question:
    return Question(
        address=f"/cases/{case}/contacts/reopening",
        heading="Let your service ask once more",
        intro="They said no, knowing what it is. Ask again only for a good reason.",
        label="Why?",
        button="Ask once more",
        back=("Contacts", f"/cases/{case}/contacts"),
    )
