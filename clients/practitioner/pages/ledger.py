"""The ledger for information officers: who looked, whether it is whole, what is kept from the family."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import (
    SENDS_NOTHING,
    FormPage,
    FormState,
    date_of,
    errors_of,
    filled,
    midnight_of,
    open_page,
    opened,
    send_page,
)
from clients.practitioner.gateway_client import Refused
from clients.practitioner.paging import line_with_id
from clients.practitioner.presenters.ledger import ACTIONS, explained_of, hold_of, holds_of, receipts_of
from clients.practitioner.presenters.services import choice_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit
from clients.practitioner.words import in_words
from shared.ids import is_id
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Purpose

router = APIRouter(prefix="/ledger")
_FILTERS = ("user", "agency", "action", "purpose")
HELD_BACK = "/ledger/held-back"
_OF_FIELDS = {"from": "since"}


@router.get("")
async def search(visit: SignedIn, cursor: str | None = None) -> Response:
    """Search by who looked, how, for what and when; the question stands in the address."""
    form = Form(tuple(visit.request.query_params.multi_items()))
    asked: dict[str, str | None] = {name: form[name] or None for name in _FILTERS}
    asked["unusual_purpose"] = "true" if form["unusual"] == "yes" else None
    asked["from"] = midnight_of(date_of(form, "since"))
    asked["until"] = midnight_of(date_of(form, "until"))
    names, errors = await visit.agency_names(), {}
    answer: Any = {"receipts": [], "cursor": None}
    only_narrows = form["do"] in SENDS_NOTHING
    try:
        if not only_narrows:
            answer = await visit.get("/v1/ledger/receipts", **asked, cursor=cursor)
    except Refused as refused:
        if refused.status not in (400, 422):
            raise
        errors = errors_of(refused, _OF_FIELDS)
    query = [(name, value) for name, value in form.fields if name != "cursor" and value]
    return visit.page(
        "ledger/search.html",
        422 if errors else 200,
        state=FormState(form, errors),
        receipts=receipts_of(answer["receipts"], names),
        cursor=answer["cursor"],
        query=query,
        only_narrows=only_narrows,
        agencies=choice_of(names, form, "agency", without=()),
        actions=list(ACTIONS.items()),
        purposes=[(purpose.value, in_words(purpose.value)) for purpose in Purpose],
    )


@router.get("/cases/{case}")
async def of_case(case: Id, visit: SignedIn, cursor: str | None = None) -> Response:
    return await _looks(visit, "cases", case, cursor)


@router.get("/people/{person}")
async def of_person(person: Id, visit: SignedIn, cursor: str | None = None) -> Response:
    return await _looks(visit, "people", person, cursor)


async def _looks(visit: Visit, kind: str, id: str, cursor: str | None) -> Response:
    answer = await visit.get(f"/v1/{kind}/{id}/disclosures", cursor=cursor)
    shown = receipts_of(answer["disclosures"], await visit.agency_names())
    return visit.page("ledger/looks.html", receipts=shown, kind=kind, id=id, cursor=answer["cursor"])


@router.get("/receipts/{receipt}")
async def receipt(receipt: Id, visit: SignedIn) -> Response:
    answer = await visit.ask("/v1/explanations", {"receipt": receipt})
    told = explained_of(answer, await visit.agency_names())
    return visit.page("ledger/receipt.html", told=told, receipt=receipt)


@router.get("/verification")
async def verification(visit: SignedIn) -> Response:
    return await _verification_page(visit, await opened(visit), None)


@router.post("/verification")
async def verify(visit: SignedIn, form: SentForm) -> Response:
    """Verify some thousand receipts, or go on where it stopped. It changes nothing."""
    typed = {name: form[name] for name in ("checkpoint", "cursor")}
    content = {name: value for name, value in typed.items() if value}
    try:
        found = await visit.send("POST", "/v1/ledger/verification", content, once=form.once)
    except Refused as refused:
        if refused.status not in (400, 403, 409, 422):
            raise
        return await _verification_page(visit, FormState(form, errors_of(refused, {})), None, 422)
    state = FormState(Form(tuple(pair for pair in form.fields if pair[0] not in ("once", "cursor"))))
    return await _verification_page(visit, state, found)


async def _verification_page(visit: Visit, state: FormState, found: Any, status: int = 200) -> Response:
    """The page; a checkpoint covers all agencies, so only some officers are asked for one."""
    may = (await visit.get("/v1/worklists/office"))["may"]
    whole = "verify_whole_ledger" in may
    return visit.page("ledger/verification.html", status, state=state, found=found, whole=whole)


@router.get("/checkpoint")
async def checkpoint(visit: SignedIn) -> Response:
    answer = await visit.get("/v1/ledger/checkpoint")
    return visit.page("ledger/checkpoint.html", checkpoint=answer["checkpoint"])


@router.get("/held-back")
async def held_back(visit: SignedIn, cursor: str | None = None) -> Response:
    answer = await visit.get("/v1/ledger/holds", cursor=cursor)
    return visit.page(
        "ledger/held_back.html",
        holds=holds_of(answer),
        cursor=answer["cursor"],
        officer=visit.acting.role == "information_officer",
    )


@router.get("/receipts/{receipt}/hold")
async def why_keep(receipt: Id, visit: SignedIn) -> Response:
    return await open_page(visit, _keeping(visit, receipt))


@router.post("/receipts/{receipt}/hold")
async def keep_back(receipt: Id, visit: SignedIn, form: SentForm) -> Response:
    return await send_page(visit, form, _keeping(visit, receipt))


def _keeping(visit: Visit, receipt: str) -> FormPage:
    return FormPage(
        show=partial(_keeping_page, visit, receipt),
        path=f"/v1/ledger/receipts/{receipt}/holds",
        content=_until_review,
        then=HELD_BACK,
        gone="This is no look of your service, so it is not yours to keep back.",
    )


async def _keeping_page(visit: Visit, receipt: str, state: FormState, status: int) -> Response:
    return visit.page("ledger/hold.html", status, receipt=receipt, hold=None, state=state)


def _until_review(form: Form) -> dict[str, Any]:
    return filled(reason=form["reason"], review_on=date_of(form, "review_on"))


@router.get("/held-back/{hold}")
async def hold(hold: Id, visit: SignedIn) -> Response:
    return await _hold_page(visit, hold, await opened(visit), 200)


@router.post("/held-back/{hold}")
async def answer_hold(hold: Id, visit: SignedIn, form: SentForm) -> Response:
    """Confirm as the second person that a look is kept back, say that it goes on, or let it be read."""
    what = _ON_HOLD.get(form["do"], "ending")
    content = {
        "confirmation": None,
        "review": _until_review(form),
        "ending": filled(reason=form["ending_reason"]),
    }
    page = FormPage(
        show=partial(_hold_page, visit, hold),
        path=f"/v1/ledger/receipts/{form['receipt']}/holds/{hold}/{what}",
        content=lambda _: content[what],
        then=HELD_BACK,
        fields={"reason": "ending_reason"} if what == "ending" else None,
    )
    if not is_id(form["receipt"]):
        raise not_found()
    return await send_page(visit, form, page)


_ON_HOLD = {"confirm": "confirmation", "review": "review", "end": "ending"}


async def _hold_page(visit: Visit, id: str, state: FormState, status: int) -> Response:
    found = await line_with_id(visit.get, "/v1/ledger/holds", "holds", id)
    if found is None:
        raise not_found()
    return visit.page("ledger/hold.html", status, receipt=found["receipt"], hold=hold_of(found), state=state)
