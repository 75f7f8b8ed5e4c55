"""The partnership's agencies and the agreements between them, for information officers."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, date_of, filled, form_at, midnight_of
from clients.practitioner.presenters.partnership import LEVELS, MODES, agencies_of, agreements_of
from clients.practitioner.presenters.services import choice_of
from clients.practitioner.presenters.slices import number_of, slice_of
from clients.practitioner.visit import Form, SignedIn, Visit
from clients.practitioner.words import CATEGORIES, in_words
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import AgencyKind, Purpose

router = APIRouter()
_KINDS = [(kind.value, in_words(kind.value)) for kind in AgencyKind if kind != AgencyKind.FAMILY]
_SHARED_FOR = (Purpose.SUPPORT, Purpose.SAFEGUARDING, Purpose.PANEL)
_TERMS = ("base", "mode", "cap", "basis", "condition", "power")


@router.get("/agencies")
async def agencies(visit: SignedIn, name: str = "", page: str = "1") -> Response:
    listed = agencies_of(await visit.whole("/v1/agencies", "agencies"), name.strip())
    office = await visit.get("/v1/worklists/office")
    shown = slice_of(listed, number_of(page), "/agencies", name=name)
    may_add = "add_agency" in office["may"]
    return visit.page("partnership/agencies.html", shown=shown, sought=name, may_add=may_add)


@form_at(router, "/agencies/new")
async def adding_agency(visit: SignedIn) -> FormPage:
    return FormPage(
        show=partial(_agency_page, visit), path="/v1/agencies", content=_agency_of, then="/agencies"
    )


def _agency_of(form: Form) -> dict[str, Any]:
    typed = {name: form[name] for name in ("name", "kind", "telephone")}
    return filled(**typed, code=code_of(form["code"] or form["name"]))


async def _agency_page(visit: Visit, state: FormState, status: int) -> Response:
    office = await visit.get("/v1/worklists/office")
    if "add_agency" not in office["may"]:
        raise not_found()
    return visit.page("partnership/new_agency.html", status, state=state, kinds=_KINDS)


def code_of(name: str) -> str:
    """A name as computers use it: small letters and digits, with hyphens between."""
    return re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")[:60].strip("-")


@router.get("/agreements")
async def agreements(visit: SignedIn, name: str = "", page: str = "1") -> Response:
    answer = await visit.whole("/v1/agreements", "agreements")
    now = visit.parts.clock()
    listed = agreements_of(answer, await visit.agency_names(), now, name.strip())
    shown = slice_of(listed, number_of(page), "/agreements", name=name)
    return visit.page("partnership/agreements.html", shown=shown, sought=name)


@form_at(router, "/agreements/new")
async def agreeing(visit: SignedIn) -> FormPage:
    assert visit.acting.agency is not None
    today = (("day", visit.today.day), ("month", visit.today.month), ("year", visit.today.year))
    return FormPage(
        show=partial(_agreement_form, visit),
        path="/v1/agreements",
        content=partial(agreement_of, owner=visit.acting.agency),
        then="/agreements",
        fields=_FIELDS,
        begins=Form(tuple((f"valid_from-{part}", str(number)) for part, number in today)),
    )


_FIELDS = {f"rows.{number}.{term}": term for number in range(len(CATEGORIES)) for term in _TERMS} | {
    f"rows.{number}": "mode" for number in range(len(CATEGORIES))
} | {"rows": "categories", "": "valid_until"}  # fmt: skip


def agreement_of(form: Form, owner: str) -> dict[str, Any]:
    """The agreement in the API's words: one row for each kind of information that was ticked."""
    terms = {name: form[name] for name in _TERMS if form[name]}
    content = {
        "owner": owner,
        "recipient": form["recipient"],
        "purpose": form["purpose"],
        "title": form["title"],
        "text": form["text"],
        "valid_from": midnight_of(date_of(form, "valid_from")),
        "valid_until": midnight_of(date_of(form, "valid_until")),
    }
    rows = [{"category": category, **terms} for category in form.all("categories") if category]
    return {name: value for name, value in content.items() if value} | {"rows": rows}


async def _agreement_form(visit: Visit, state: FormState, status: int) -> Response:
    # A row that is wrong is named twice: by itself, and because without it there are too few.
    ticked = {"categories"} if state["categories"] else set()
    errors = {name: said for name, said in state.errors.items() if name not in ticked}
    state = replace(state, errors=errors or state.errors)
    names = await visit.agency_names()
    return visit.page(
        "partnership/new_agreement.html",
        status,
        state=state,
        agencies=choice_of(names, state.form, "recipient", without=(visit.acting.agency,)),
        own=names.get(visit.acting.agency or "", "Your agency"),
        purposes=[(purpose.value, in_words(purpose.value)) for purpose in _SHARED_FOR],
        categories=list(CATEGORIES.items()),
        levels=list(LEVELS.items()),
        modes=list(MODES.items()),
    )


@form_at(router, "/agreements/{agreement}")
async def one_agreement(visit: SignedIn, agreement: Id) -> FormPage:
    """An agreement, with the form by which it is ended."""
    return FormPage(
        show=partial(_agreement_page, visit, agreement),
        path=f"/v1/agreements/{agreement}/ending",
        then=f"/agreements/{agreement}",
    )


async def _agreement_page(visit: Visit, id: str, state: FormState, status: int) -> Response:
    answer = await visit.whole("/v1/agreements", "agreements")
    listed = agreements_of(answer, await visit.agency_names(), visit.parts.clock())
    found = next((one for one in listed if one.id == id), None)
    if found is None:
        raise not_found()
    return visit.page("partnership/agreement.html", status, agreement=found, state=state)
