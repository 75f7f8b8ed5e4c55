"""The family's own page: in by a code, everything on one sheet, and changing one's mind."""

from typing import Any

from fastapi import APIRouter, Request, Response

from clients.practitioner.forms import FormState, opened, sent
from clients.practitioner.gateway_client import Acting, Refused, SignInAgain
from clients.practitioner.presenters.family import Sheet, done_sentence, sheet_of
from clients.practitioner.presenters.permissions import Permission
from clients.practitioner.sessions import operations
from clients.practitioner.sessions.session import new_session
from clients.practitioner.sign_in import set_cookie
from clients.practitioner.visit import (
    Form,
    SentForm,
    SignedIn,
    StrangersForm,
    Visit,
    html,
    parts_of,
    see_other,
    session_of,
)
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/family")
DOOR, SHEET = "/family", "/family/sheet"
CASE, DONE = "family_case", "family_done"
"""What the session keeps: the case that a code opened, and what was done, to be said once."""
_DOES_NOT_WORK = "This code does not work. Check it letter by letter, or ask for a new one."


def is_for_families(address: str) -> bool:
    """Whether a page is one that people come to by a code, who have no account to sign in with."""
    return address.startswith(f"{DOOR}/")


@router.get("")
@router.get("/code/{code}")
async def door(request: Request, code: str = "") -> Response:
    """Ask for the code, which a link may bring. Opening the link uses nothing up: a button does."""
    parts, session = parts_of(request), session_of(request)
    session.seen_at = parts.clock()
    await parts.store.write(operations.save, parts.seal, session)
    return html(request, "family/door.html", state=FormState(Form((("code", code),))))


@router.post("")
async def come_in(request: Request, form: StrangersForm) -> Response:
    parts, session = parts_of(request), session_of(request)
    try:
        begun = await _call(request, "POST", "/v1/family-visits", f"family-code.{_as_sent(form['code'])}")
        me = await _call(request, "GET", "/v1/me", begun["token"])
    except SignInAgain:
        return html(request, "family/door.html", 422, state=FormState(form, {"code": _DOES_NOT_WORK}))
    except Refused as refused:
        told = {"code": refused.problem["detail"] if refused.status == 429 else _DOES_NOT_WORK}
        return html(request, "family/door.html", 422, state=FormState(form, told))
    fresh = new_session(parts.clock())
    fresh.user = me["user"]
    acting = {name: me["acting"][name] for name in ("agency", "role")}
    roles = [{**role, "agency_name": None} for role in me["memberships"]]
    fresh.kept = {"token": begun["token"], "me": {**me, "memberships": roles}, "acting": acting}
    fresh.kept[CASE] = begun["case"]
    await parts.store.write(operations.replace, parts.seal, session.secret, fresh)
    answer = see_other(SHEET)
    set_cookie(answer, parts.settings, fresh.secret)
    return answer


def _as_sent(typed: str) -> str:
    """What may stand in a token: the letters and digits of what was typed."""
    return "".join(letter for letter in typed if letter.isascii() and letter.isalnum())[:100] or "none"


async def _call(request: Request, method: str, path: str, token: str) -> Any:
    return await parts_of(request).gateway.call(method, path, token=token, acting=Acting())


@router.get("/sheet")
async def sheet(visit: SignedIn) -> Response:
    case = await _case_of(visit)
    if case is None:
        return visit.page("family/nothing.html")
    shown = await _read(visit, case)
    done = visit.session.kept.pop(DONE, None)
    if done is not None:
        await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)
    return visit.page("family/sheet.html", sheet=shown, done=done)


@router.get("/permissions/{consent}/withdrawal")
async def change_mind(consent: Id, visit: SignedIn) -> Response:
    return await _withdrawal_page(visit, consent, await opened(visit))


@router.post("/permissions/{consent}/withdrawal")
async def withdraw(consent: Id, visit: SignedIn, form: SentForm) -> Response:
    case = await _case_of(visit)
    if case is None:
        raise not_found()
    shown = await _read(visit, case)
    said = shown.of(consent)
    if _is_taken_back(said):
        return await _taken_back_already(visit)

    async def write() -> None:
        path = f"/v1/cases/{case}/consents/{consent}/withdrawal"
        outcome = await visit.send("POST", path, {"withdrawn_by": shown.person}, once=form.once)
        visit.session.kept[DONE] = done_sentence(outcome["enforced_at"], said)
        await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)

    async def again(state: FormState) -> Response:
        return await _withdrawal_page(visit, consent, state, 422)

    return await sent(form, write, then=SHEET, again=again)


def _is_taken_back(said: Permission | None) -> bool:
    return said is not None and said.withdrawn_at is not None


async def _taken_back_already(visit: Visit) -> Response:
    """In another window, or before they went back: nothing is wrong, and the sheet says how it stands."""
    visit.session.kept[DONE] = "You took this back already. It no longer counts."
    await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)
    return see_other(SHEET)


async def _withdrawal_page(visit: Visit, consent: str, state: FormState, status: int = 200) -> Response:
    case = await _case_of(visit)
    shown = None if case is None else await _read(visit, case)
    said = None if shown is None else shown.of(consent)
    if _is_taken_back(said):
        return await _taken_back_already(visit)
    if said is None or not said.can_be_taken_back:
        raise not_found()
    return visit.page("family/withdrawal.html", status, said=said, state=state)


async def _read(visit: Visit, case: str) -> Sheet:
    answer = await visit.get(f"/v1/cases/{case}/family-sheet")
    return sheet_of(answer, await visit.agency_names(), visit.parts.clock())


async def _case_of(visit: Visit) -> str | None:
    """The case that the code opened; for somebody with an account the first of theirs."""
    if CASE in visit.session.kept:
        case: str = visit.session.kept[CASE]
        return case
    cases = (await visit.get("/v1/cases", limit="1"))["cases"]
    return cases[0]["id"] if cases else None
