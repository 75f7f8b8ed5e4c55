"""What waits for whoever is signed in: notices without content, and what they and their service promised."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, opened, sent
from clients.practitioner.presenters.to_do import notices_of, promises_of
from clients.practitioner.visit import SentForm, SignedIn, Visit, see_other
from shared.records.base import Id

router = APIRouter()


@router.get("/to-do")
async def to_do(visit: SignedIn) -> Response:
    notices = await visit.get("/v1/notices")
    promises = await visit.get("/v1/worklists/promises")
    return visit.page(
        "to_do.html",
        notices=notices_of(notices),
        promises=promises_of(promises, visit.today),
        more=notices["cursor"] is not None or promises["cursor"] is not None,
        notice=notices["notice"],
        state=FormState(),
    )


@router.post("/cases/{case}/actions/{action}/acceptance")
async def accept(case: Id, action: Id, visit: SignedIn, form: SentForm) -> Response:
    await visit.send("POST", f"/v1/cases/{case}/actions/{action}/acceptance", None, once=form.once)
    return see_other("/to-do")


@router.get("/cases/{case}/actions/{action}/decline")
async def why_not(case: Id, action: Id, visit: SignedIn) -> Response:
    return _decline_page(visit, case, action, await opened(visit))


@router.post("/cases/{case}/actions/{action}/decline")
async def decline(case: Id, action: Id, visit: SignedIn, form: SentForm) -> Response:
    async def write() -> Any:
        path = f"/v1/cases/{case}/actions/{action}/decline"
        return await visit.send("POST", path, {"reason": form["reason"]}, once=form.once)

    async def again(state: FormState) -> Response:
        return _decline_page(visit, case, action, state, 422)

    return await sent(form, write, then="/to-do", again=again)


def _decline_page(visit: Visit, case: str, action: str, state: FormState, status: int = 200) -> Response:
    address = f"/cases/{case}/actions/{action}/decline"
    return visit.page("decline.html", status, state=state, address=address)
