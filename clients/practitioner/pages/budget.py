"""The money of a case: what was given, bound, spent and is left; giving it, ordering, signing, spending,
giving up. And where it comes from: the streams of money and their rules."""

from functools import partial
from typing import Any, TypeVar

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, Question, filled, form_at, pence_of, question_page
from clients.practitioner.navigation import gives_money, may_do_casework
from clients.practitioner.presenters.budget import (
    KINDS,
    Allocation,
    BudgetPage,
    Purchase,
    budget_page_of,
    may_give,
    streams_of,
    to_give_from,
)
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other, stands_on
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter()
ON_CASE, STREAMS = "/cases/{case}/budget", "/budget-streams"
_ALL_STREAMS = "/v1/budget-streams?limit=100"
_THE_MONEY = "The money"
_Offers = TypeVar("_Offers", Allocation, Purchase)


async def _budget(visit: Visit, case: str) -> tuple[BudgetPage, Any]:
    view = await visit.get(f"/v1/cases/{case}")
    answer = await visit.get(f"/v1/cases/{case}/budget")
    return budget_page_of(view, answer, await visit.agency_names()), view


@router.get(ON_CASE)
async def budget(case: Id, visit: SignedIn) -> Response:
    page, view = await _budget(visit, case)
    return visit.page(
        "budget/budget.html", case=case, budget=page, notice=view["notice"],
        reads_streams=may_do_casework(visit.acting.role),
    )  # fmt: skip


@form_at(router, f"{ON_CASE}/allocations/new")
async def giving(visit: SignedIn, case: Id) -> FormPage:
    """Give the case money of one's own service's, for whoever leads it to spend."""
    return FormPage(
        show=partial(_giving_page, visit, case),
        path=f"/v1/cases/{case}/budget/allocations",
        content=lambda form: filled(
            stream=form["stream"],
            amount_pence=pence_of(form, "amount"),
            purpose=form["purpose"],
            subjects=form.all("subjects"),
        ),
        then=f"/cases/{case}/budget",
        fields=_field,
    )


def _field(name: str) -> str:
    """The form's name of a field of the API's."""
    names = {"amount_pence": "amount", "spent_pence": "amount", "departs_from_wish": "as_wished"}
    first = name.partition(".")[0]
    return names.get(first, first)


async def _giving_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if not may_give(view):
        raise not_found()
    answer = await visit.whole(_ALL_STREAMS, "streams")
    lead = view["header"]["lead_professional"]
    names = await visit.agency_names()
    return visit.page(
        "budget/giving.html",
        status,
        case=case,
        state=state,
        streams=to_give_from(streams_of(answer, names)),
        held_by=f"{lead['name']}, {names.get(lead['agency'], '')}",
        people=list(people_of(view).items()),
    )


async def _allocation_page(
    visit: Visit, case: str, id: str, what: str, state: FormState, status: int
) -> Response:
    """The page for something that may be done with money that was given."""
    page, _ = await _budget(visit, case)
    found = _offering(page.allocation(id), what, status)
    template = f"budget/{what}.html"
    return visit.page(template, status, case=case, allocation=found, budget=page, state=state)


def _offering(found: _Offers | None, what: str, status: int) -> _Offers:
    """That of which the reader may do something; after it was refused, for as long as it is shown."""
    if found is None or (what not in found.may and status == 200):
        raise not_found()
    return found


@form_at(router, f"{ON_CASE}/allocations/{{allocation}}/return")
async def taking_back(visit: SignedIn, case: Id, allocation: Id) -> FormPage:
    return FormPage(
        show=partial(_allocation_page, visit, case, allocation, "return"),
        path=f"/v1/cases/{case}/budget/allocations/{allocation}/return",
        content=lambda form: filled(amount_pence=pence_of(form, "amount")),
        then=f"/cases/{case}/budget",
        fields=_field,
    )


@form_at(router, f"{ON_CASE}/allocations/{{allocation}}/purchases/new")
async def ordering(visit: SignedIn, case: Id, allocation: Id) -> FormPage:
    """Bind money to something that is to be bought."""
    return FormPage(
        show=partial(_allocation_page, visit, case, allocation, "order"),
        path=f"/v1/cases/{case}/budget/purchases",
        content=partial(purchase_of, allocation=allocation),
        then=f"/cases/{case}/budget",
        fields=_field,
    )


def purchase_of(form: Form, allocation: str) -> dict[str, Any]:
    """What is to be bought in the API's words."""
    departs = {"yes": False, "no": True}.get(form["as_wished"])
    return {
        "allocation": allocation,
        **filled(
            kind_of_purchase=form["kind_of_purchase"],
            what=form["what"],
            amount_pence=pence_of(form, "amount"),
            wish=form["wish"],
            departed_because=form["departed_because"],
            action=form["action"],
            subjects=form.all("subjects"),
        ),
        **({} if departs is None else {"departs_from_wish": departs}),
    }


async def _purchase(visit: Visit, case: str, id: str, what: str, status: int) -> Purchase:
    page, _ = await _budget(visit, case)
    return _offering(page.purchase(id), what, status)


async def _purchase_page(
    visit: Visit, case: str, id: str, what: str, state: FormState, status: int
) -> Response:
    """The page for something that may be done with a purchase."""
    found = await _purchase(visit, case, id, what, status)
    return visit.page(f"budget/{what}.html", status, case=case, purchase=found, state=state)


@form_at(router, f"{ON_CASE}/purchases/{{purchase}}/signature")
async def signing(visit: SignedIn, case: Id, purchase: Id) -> FormPage:
    return FormPage(
        show=partial(_purchase_page, visit, case, purchase, "signature"),
        path=f"/v1/cases/{case}/budget/purchases/{purchase}/signature",
        then=f"/cases/{case}/budget",
    )


@form_at(router, f"{ON_CASE}/purchases/{{purchase}}/spending")
async def spending(visit: SignedIn, case: Id, purchase: Id) -> FormPage:
    return FormPage(
        show=partial(_purchase_page, visit, case, purchase, "spending"),
        path=f"/v1/cases/{case}/budget/purchases/{purchase}/spending",
        content=lambda form: filled(spent_pence=pence_of(form, "amount")),
        then=f"/cases/{case}/budget",
        fields=_field,
    )


@form_at(router, f"{ON_CASE}/purchases/{{purchase}}/refusal")
async def refusing(visit: SignedIn, case: Id, purchase: Id) -> FormPage:
    return _asking_why(visit, case, purchase, "refusal", "Do not sign this", "Do not sign it")


@form_at(router, f"{ON_CASE}/purchases/{{purchase}}/release")
async def giving_up(visit: SignedIn, case: Id, purchase: Id) -> FormPage:
    return _asking_why(visit, case, purchase, "release", "Do not buy this after all", "Do not buy it")


def _asking_why(visit: Visit, case: str, purchase: str, what: str, heading: str, button: str) -> FormPage:
    address = f"/cases/{case}/budget/purchases/{purchase}/{what}"

    async def show(state: FormState, status: int) -> Response:
        found = await _purchase(visit, case, purchase, what, status)
        intro = f"{found.what}. The money that is kept for it is free again."
        back = (_THE_MONEY, f"/cases/{case}/budget")
        question = Question(address, heading, "Why?", button, back, intro, warns=True)
        return question_page(visit, question, state, status)

    return FormPage(
        show=show,
        path=f"/v1{address}",
        content=lambda form: filled(reason=form["reason"]),
        then=f"/cases/{case}/budget",
    )


@router.get(STREAMS)
async def streams(visit: SignedIn) -> Response:
    """Where money comes from, and by which rules it is spent."""
    if not may_do_casework(visit.acting.role):
        raise not_found()
    answer = await visit.whole(_ALL_STREAMS, "streams")
    shown = streams_of(answer, await visit.agency_names())
    may_open = gives_money(visit.acting.role)
    return visit.page("budget/streams.html", streams=shown, may_open=may_open, state=FormState())


@form_at(router, f"{STREAMS}/new")
async def opening(visit: SignedIn) -> FormPage:
    return FormPage(
        show=partial(_stream_page, visit),
        path="/v1/budget-streams",
        content=stream_of,
        then=STREAMS,
        fields=lambda name: name.partition(".")[0],
    )


_LIMITS = (
    "total_pence",
    "most_per_purchase_pence",
    "second_signature_above_pence",
    "most_per_case_pence",
)


def stream_of(form: Form) -> dict[str, Any]:
    """Where money comes from in the API's words."""
    sums = {name: pence_of(form, name) for name in _LIMITS}
    return filled(name=form["name"], may_buy=form.all("may_buy"), **sums)


async def _stream_page(visit: Visit, state: FormState, status: int) -> Response:
    if not gives_money(visit.acting.role):
        raise not_found()
    return visit.page("budget/stream.html", status, state=state, kinds=list(KINDS.items()))


@router.post(f"{STREAMS}/{{stream}}/closing", dependencies=[stands_on(STREAMS)])
async def close(stream: Id, visit: SignedIn, form: SentForm) -> Response:
    await visit.send("POST", f"/v1/budget-streams/{stream}/closing", None, once=form.once)
    return see_other(STREAMS)
