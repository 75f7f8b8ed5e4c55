"""What waits for whoever is signed in: notices that say whose case and not what, and what was promised."""

from fastapi import APIRouter, Response

from clients.practitioner.downloads import download
from clients.practitioner.forms import FormState, Question, answer_question, opened, question_page
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.to_do import (
    NOT_SHOWN,
    PROMISES,
    alerts_of,
    further,
    notices_of,
    promises_of,
    table_of,
)
from clients.practitioner.visit import SentForm, SignedIn, see_other, stands_on
from shared.ids import is_id
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter()


@router.get("/to-do")
async def to_do(visit: SignedIn, notices: str | None = None, promises: str | None = None) -> Response:
    """``notices`` and ``promises``: the cursors at which the two lists begin."""
    waiting = await visit.get("/v1/worklists/waiting", cursor=notices)
    promised = await visit.get("/v1/worklists/promises", cursor=promises)
    cursors = {"notices": notices, "promises": promises}
    return visit.page(
        "to_do.html",
        notices=notices_of(waiting),
        alerts=alerts_of(waiting),
        concerns=waiting["concerns"],
        promises=promises_of(promised, visit.today),
        further=further(cursors, {"notices": waiting, "promises": promised}),
        is_first=notices is None and promises is None,
        notice=waiting["notice"],
        not_shown=NOT_SHOWN,
        state=FormState(),
    )


@router.post("/to-do")
async def put_away(visit: SignedIn, form: SentForm) -> Response:
    """Take off the list what was read; what was taken off meanwhile is gone already."""
    if not is_id(form["notice"]):
        raise not_found()
    try:
        await visit.send("POST", f"/v1/notices/{form['notice']}/clearing", None, once=form.once)
    except Refused as refused:
        if refused.status != 404:
            raise
    return see_other("/to-do")


@router.get("/to-do/download")
async def download_promises(visit: SignedIn) -> Response:
    """All that one's service promised, whatever page of it is looked at."""
    promises = promises_of(await visit.whole("/v1/worklists/promises", "promises", "cases"), visit.today)
    return download("what-we-promised", PROMISES, table_of(promises))


@router.post("/cases/{case}/actions/{action}/acceptance", dependencies=[stands_on("/to-do")])
async def accept(case: Id, action: Id, visit: SignedIn, form: SentForm) -> Response:
    await visit.send("POST", f"/v1/cases/{case}/actions/{action}/acceptance", None, once=form.once)
    return see_other("/to-do")


@router.get("/cases/{case}/actions/{action}/decline")
async def why_not(case: Id, action: Id, visit: SignedIn) -> Response:
    return question_page(visit, _declining(case, action), await opened(visit))


@router.post("/cases/{case}/actions/{action}/decline")
async def decline(case: Id, action: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/actions/{action}/decline"
    return await answer_question(visit, form, _declining(case, action), path, then="/to-do")


def _declining(case: str, action: str) -> Question:
    return Question(
        address=f"/cases/{case}/actions/{action}/decline",
        heading="Decline what you were asked to do",
        label="Why can your service not do it?",
        hint="The team reads this, and whoever is in charge looks for somebody else.",
        button="Decline",
        back=("To do", "/to-do"),
    )
