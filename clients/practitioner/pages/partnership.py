"""The partnership's agencies and the agreements between them, for information officers."""

import re
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, date_of, midnight_of, opened, sent
from clients.practitioner.presenters.partnership import LEVELS, MODES, agencies_of, agreements_of
from clients.practitioner.presenters.slices import number_of, slice_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit
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


@router.get("/agencies/new")
async def new_agency(visit: SignedIn) -> Response:
    office = await visit.get("/v1/worklists/office")
    if "add_agency" not in office["may"]:
        raise not_found()
    return visit.page("partnership/new_agency.html", state=await opened(visit), kinds=_KINDS)


@router.post("/agencies/new")
async def add_agency(visit: SignedIn, form: SentForm) -> Response:
    async def write() -> Any:
        typed = {name: form[name] for name in ("name", "kind", "telephone")}
        typed["code"] = code_of(form["code"] or form["name"])
        content = {name: value for name, value in typed.items() if value}
        return await visit.send("POST", "/v1/agencies", content, once=form.once)

    async def again(state: FormState) -> Response:
        return visit.page("partnership/new_agency.html", 422, state=state, kinds=_KINDS)

    return await sent(form, write, then="/agencies", again=again)


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


@router.get("/agreements/new")
async def new_agreement(visit: SignedIn) -> Response:
    state = await opened(visit)
    today = {"day": visit.today.day, "month": visit.today.month, "year": visit.today.year}
    if not state.form.fields:
        state = FormState(Form(tuple((f"valid_from-{part}", str(n)) for part, n in today.items())))
    return await _agreement_form(visit, state)


@router.post("/agreements/new")
async def record_agreement(visit: SignedIn, form: SentForm) -> Response:
    async def write() -> Any:
        assert visit.acting.agency is not None
        content = agreement_of(form, visit.acting.agency)
        return await visit.send("POST", "/v1/agreements", content, once=form.once)

    async def again(state: FormState) -> Response:
        # A row that is wrong is named twice: by itself, and because without it there are too few.
        ticked = {"categories"} if form["categories"] else set()
        errors = {name: said for name, said in state.errors.items() if name not in ticked}
        return await _agreement_form(visit, FormState(state.form, errors or state.errors), 422)

    return await sent(form, write, then="/agreements", again=again, fields=_FIELDS)


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


async def _agreement_form(visit: Visit, state: FormState, status: int = 200) -> Response:
    names = await visit.agency_names()
    others = [
        (code, name)
        for code, name in sorted(names.items(), key=lambda one: one[1].casefold())
        if code != visit.acting.agency
    ]
    return visit.page(
        "partnership/new_agreement.html",
        status,
        state=state,
        agencies=others,
        own=names.get(visit.acting.agency or "", "Your agency"),
        purposes=[(purpose.value, in_words(purpose.value)) for purpose in _SHARED_FOR],
        categories=list(CATEGORIES.items()),
        levels=list(LEVELS.items()),
        modes=list(MODES.items()),
    )


@router.get("/agreements/{agreement}")
async def agreement(agreement: Id, visit: SignedIn) -> Response:
    return await _agreement_page(visit, agreement, FormState())


@router.post("/agreements/{agreement}")
async def end_agreement(agreement: Id, visit: SignedIn, form: SentForm) -> Response:
    async def write() -> Any:
        return await visit.send("POST", f"/v1/agreements/{agreement}/ending", None, once=form.once)

    async def again(state: FormState) -> Response:
        return await _agreement_page(visit, agreement, state, 422)

    return await sent(form, write, then=f"/agreements/{agreement}", again=again)


async def _agreement_page(visit: Visit, id: str, state: FormState, status: int = 200) -> Response:
    answer = await visit.whole("/v1/agreements", "agreements")
    listed = agreements_of(answer, await visit.agency_names(), visit.parts.clock())
    found = next((one for one in listed if one.id == id), None)
    if found is None:
        raise not_found()
    return visit.page("partnership/agreement.html", status, agreement=found, state=state)
