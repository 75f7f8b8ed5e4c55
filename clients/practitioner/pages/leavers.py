"""Who leaves a service or must be stopped: what falls vacant with them, before and after it is recorded, and
where each gap is filled."""

from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, filled, opened, send_page
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.leavers import PERSON, address_of, gaps_of, stopped_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, drop_kept, see_other, stands_on

router = APIRouter(prefix="/leavers")
_MAY_SAY_SO = frozenset({"team_manager", "information_officer"})
_DONE = {
    "left": "Done. They work for us no more, and every place on a team that they held for us has ended. What "
    "they led stands under “Nobody in charge” until somebody else leads it.",
    "stopped": "Done. They see nothing for us from now on, until an information officer lets them in again.",
}


@router.get("")
async def leavers(visit: SignedIn) -> Response:
    return await _first_page(visit, await opened(visit), 200)


@router.post("")
async def look_up(visit: SignedIn, form: SentForm) -> Response:
    if not form["user"]:
        mistakes = {"user": "Give the name with which they sign in."}
        return await _first_page(visit, FormState(form, mistakes), 422)
    await drop_kept(visit, "/leavers")
    return see_other(address_of(form["user"]))


async def _first_page(visit: Visit, state: FormState, status: int) -> Response:
    officer = visit.acting.role == "information_officer"
    answer: Any = await visit.whole("/v1/suspensions", "suspensions") if officer else {"suspensions": []}
    stopped = stopped_of(answer)
    return visit.page("leavers/first.html", status, state=state, officer=officer, stopped=stopped)


@router.get("/person", dependencies=[stands_on(PERSON, "user", kept=True)])
async def person(visit: SignedIn, user: str = "", cursor: str | None = None, done: str = "") -> Response:
    """What falls vacant with somebody, or fell when they left."""
    if not user:
        return see_other("/leavers")
    return await _person_page(visit, user, await opened(visit), 200, cursor=cursor, done=done)


async def _person_page(
    visit: Visit, user: str, state: FormState, status: int, *, cursor: str | None = None, done: str = ""
) -> Response:
    try:
        answer = await visit.get(f"{_path(user)}/gaps", cursor=cursor)
    except Refused as refused:
        if refused.status not in (404, 422):
            raise
        return await _first_page(visit, FormState(Form((("user", user),)), {"user": _NO_NAME}), 422)
    return visit.page(
        "leavers/person.html",
        status,
        user=user,
        address=address_of(user),
        state=state,
        gaps=gaps_of(answer),
        cursor=answer["cursor"],
        notice=answer["notice"],
        done=_DONE.get(done),
        may_say_so=visit.acting.role in _MAY_SAY_SO and user != visit.session.user,
        officer=visit.acting.role == "information_officer",
    )


_NO_NAME = "Give the name with which they sign in, for example ruth.amadi."


@router.post("/left", dependencies=[stands_on(PERSON, "user", kept=True)])
async def has_left(visit: SignedIn, form: SentForm) -> Response:
    return await send_page(visit, form, _ending(visit, form, "departure", "left"))


@router.post("/stopped", dependencies=[stands_on(PERSON, "user", kept=True)])
async def stop(visit: SignedIn, form: SentForm) -> Response:
    return await send_page(visit, form, _ending(visit, form, "suspension", "stopped"))


def _ending(visit: Visit, form: Form, what: str, done: str) -> FormPage:
    """The reason stands in a field of its own for each of the two, so that its mistake stands there too. Of
    who is stopped it is said besides what they are called."""
    user, field = form["user"], f"{done}_because"
    return FormPage(
        show=partial(_person_page, visit, user),
        path=f"{_path(user)}/{what}",
        content=lambda sent: {
            "reason": sent[field],
            **filled(name=sent["name"] if done == "stopped" else ""),
        },
        then=f"{address_of(user)}&done={done}",
        fields={"reason": field},
    )


@router.post("/let-in", dependencies=[stands_on("/leavers", kept=True)])
async def let_in(visit: SignedIn, form: SentForm) -> Response:
    page = FormPage(
        show=partial(_first_page, visit),
        path=f"{_path(form['stopped'])}/suspension/lifting",
        content=lambda sent: {"reason": sent["reason"]},
        then="/leavers",
        gone="Nobody of this name is stopped by us any more.",
    )
    return await send_page(visit, form, page)


def _path(user: str) -> str:
    return f"/v1/users/{quote(user, safe='')}"
