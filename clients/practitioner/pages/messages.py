"""Permissions that have ended: what one's service keeps of what it saw; and, on the other side, what had
left and what those say who were told."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, filled, open_page, send_page
from clients.practitioner.paging import line_with_id
from clients.practitioner.presenters.messages import left_of, message_of, messages_of, told_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter()


@router.get("/messages")
async def messages(visit: SignedIn, cursor: str | None = None) -> Response:
    answer = await visit.get("/v1/messages", cursor=cursor)
    return visit.page(
        "messages/list.html", messages=messages_of(answer), cursor=answer["cursor"], notice=answer["notice"]
    )


@router.get("/messages/{message}")
async def message(message: Id, visit: SignedIn) -> Response:
    return await open_page(visit, _answering(visit, message))


@router.post("/messages/{message}")
async def answer(message: Id, visit: SignedIn, form: SentForm) -> Response:
    return await send_page(visit, form, _answering(visit, message))


def _answering(visit: Visit, message: str) -> FormPage:
    return FormPage(
        show=partial(_page, visit, message),
        path=f"/v1/messages/{message}/answer",
        content=_what_is_kept,
        then="/messages",
        fields={"body": "keeps"},
    )


def _what_is_kept(form: Form) -> dict[str, Any]:
    said = {"keeps": form["keeps"] == "yes"} if form["keeps"] in ("yes", "no") else {}
    return said | filled(kept=form["kept"], why=form["why"])


async def _page(visit: Visit, message: str, state: FormState, status: int) -> Response:
    line = await line_with_id(visit.get, "/v1/messages", "messages", message)
    found = None if line is None else message_of(line)
    if found is None or not (found.may_answer or state.errors):
        raise not_found()
    return visit.page("messages/answer.html", status, message=found, state=state)


@router.get("/cases/{case}/permissions/{consent}/left")
async def left(case: Id, consent: Id, visit: SignedIn) -> Response:
    """What left because of a permission, to whom, and what those say who were told that it has ended."""
    answer = await visit.get(f"/v1/cases/{case}/consents/{consent}/disclosures")
    names = await visit.agency_names()
    return visit.page(
        "messages/left.html",
        case=case,
        ended=answer["withdrawn_at"],
        left=left_of(answer, names),
        told=told_of(answer, names),
        notice=answer["notice"],
    )
