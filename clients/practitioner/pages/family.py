"""The family's own page: in by a code or an account, everything on one sheet, and changing one's mind."""

from typing import Any

from fastapi import APIRouter, Request, Response

from clients.practitioner.forms import FormState, opened, sent
from clients.practitioner.gateway_client import Acting, Refused, SignInAgain
from clients.practitioner.presenters.family import (
    Sheet,
    address_of,
    done_sentence,
    pages_of,
    sheet_of,
    word_sent_sentence,
)
from clients.practitioner.presenters.permissions import Permission
from clients.practitioner.sessions import operations
from clients.practitioner.sessions.session import new_session
from clients.practitioner.sign_in import came_by_a_code, set_cookie
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
    """Whether a page is one that people come to by a code."""
    return address.startswith(f"{DOOR}/")


def begins_at_door(address: str, user: str | None) -> bool:
    """Whether somebody who was on this page before comes back to it by a code, and not by signing in."""
    return is_for_families(address) and (user is None or came_by_a_code(user))


@router.get("")
@router.get("/code/{code}")
async def door(request: Request, code: str = "") -> Response:
    """Ask for the code, which a link may bring. Opening the link uses nothing up: a button does."""
    parts, session = parts_of(request), session_of(request)
    session.seen_at = parts.clock()
    await parts.store.write(operations.save, parts.seal, session)
    return _door(request, FormState(Form((("code", code),))))


@router.post("")
async def come_in(request: Request, form: StrangersForm) -> Response:
    parts, session = parts_of(request), session_of(request)
    try:
        begun = await _call(request, "POST", "/v1/family-visits", f"family-code.{_as_sent(form['code'])}")
        me = await _call(request, "GET", "/v1/me", begun["token"])
    except SignInAgain:
        return _door(request, FormState(form, {"code": _DOES_NOT_WORK}), 422)
    except Refused as refused:
        told = {"code": refused.problem["detail"] if refused.status == 429 else _DOES_NOT_WORK}
        return _door(request, FormState(form, told), 422)
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


def _door(request: Request, state: FormState, status: int = 200) -> Response:
    idle = round(parts_of(request).settings.idle_minutes)
    return html(request, "family/door.html", status, state=state, idle_minutes=idle)


def _as_sent(typed: str) -> str:
    """What may stand in a token: the letters and digits of what was typed."""
    return "".join(letter for letter in typed if letter.isascii() and letter.isalnum())[:100] or "none"


async def _call(request: Request, method: str, path: str, token: str) -> Any:
    return await parts_of(request).gateway.call(method, path, token=token, acting=Acting())


@router.get("/sheet")
async def sheet(visit: SignedIn, cursor: str | None = None) -> Response:
    """The sheet that a code opened; for somebody with an account their only one, or a choice of them."""
    if CASE in visit.session.kept:
        return await _sheet(visit, visit.session.kept[CASE])
    answer = await visit.get("/v1/cases", cursor=cursor)
    pages = pages_of(answer)
    if not pages and answer["cursor"] is None:
        return visit.page("family/nothing.html")
    if len(pages) > 1 or cursor is not None or answer["cursor"] is not None:
        return visit.page("family/pages.html", pages=pages, cursor=answer["cursor"])
    return await _sheet(visit, pages[0].case)


@router.get("/sheet/{case}")
async def sheet_of_case(case: Id, visit: SignedIn) -> Response:
    return await _sheet(visit, case)


async def _sheet(visit: Visit, case: str) -> Response:
    shown = await _read(visit, case)
    done = visit.session.kept.pop(DONE, None)
    if done is not None:
        await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)
    return visit.page("family/sheet.html", sheet=shown, done=done, by_code=CASE in visit.session.kept)


@router.get("/sheet/{case}/permissions/{consent}/withdrawal")
async def change_mind(case: Id, consent: Id, visit: SignedIn) -> Response:
    return await _withdrawal_page(visit, case, consent, await opened(visit))


@router.post("/sheet/{case}/permissions/{consent}/withdrawal")
async def withdraw(case: Id, consent: Id, visit: SignedIn, form: SentForm) -> Response:
    shown = await _read(visit, case)
    said = shown.of(consent)
    if _is_taken_back(said):
        return await _taken_back_already(visit, case)

    async def write() -> None:
        path = f"/v1/cases/{case}/consents/{consent}/withdrawal"
        outcome = await visit.send("POST", path, {"withdrawn_by": shown.person}, once=form.once)
        visit.session.kept[DONE] = done_sentence(outcome["enforced_at"], said, shown.said)
        await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)

    async def again(state: FormState) -> Response:
        return await _withdrawal_page(visit, case, consent, state, 422)

    return await sent(form, write, then=address_of(case), again=again)


@router.get("/sheet/{case}/meetings/{meeting}/word")
async def say_whether_one_comes(case: Id, meeting: Id, visit: SignedIn) -> Response:
    return await _word_page(visit, case, meeting, await opened(visit))


@router.post("/sheet/{case}/meetings/{meeting}/word")
async def send_word(case: Id, meeting: Id, visit: SignedIn, form: SentForm) -> Response:
    invited = (await _read(visit, case)).meeting(meeting)
    if invited is None:
        raise not_found()
    if form["comes"] not in ("yes", "no"):
        state = FormState(form, {"comes": "Say whether you will come."})
        return await _word_page(visit, case, meeting, state, 422)
    comes, to_be_said = form["comes"] == "yes", form["to_be_said"]

    async def write() -> None:
        path = f"/v1/cases/{case}/meetings/{meeting}/family-invitations/{invited.invitation}/word"
        content = {"comes": comes, "to_be_said": to_be_said or None}
        await visit.send("POST", path, content, once=form.once)
        visit.session.kept[DONE] = word_sent_sentence(comes=comes, to_be_said=bool(to_be_said))
        await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)

    async def again(state: FormState) -> Response:
        return await _word_page(visit, case, meeting, state, 422)

    return await sent(form, write, then=address_of(case), again=again)


async def _word_page(visit: Visit, case: str, meeting: str, state: FormState, status: int = 200) -> Response:
    shown = await _read(visit, case)
    invited = shown.meeting(meeting)
    if invited is None or not (invited.may_say or state.errors):
        raise not_found()
    return visit.page("family/word.html", status, sheet=shown, meeting=invited, state=state)


def _is_taken_back(said: Permission | None) -> bool:
    return said is not None and said.withdrawn_at is not None


async def _taken_back_already(visit: Visit, case: str) -> Response:
    """In another window, or before they went back: nothing is wrong, and the sheet says how it stands."""
    visit.session.kept[DONE] = "You took this back already. It no longer counts."
    await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)
    return see_other(address_of(case))


async def _withdrawal_page(
    visit: Visit, case: str, consent: str, state: FormState, status: int = 200
) -> Response:
    shown = await _read(visit, case)
    said = shown.of(consent)
    if _is_taken_back(said):
        return await _taken_back_already(visit, case)
    if said is None or not said.can_be_taken_back:
        raise not_found()
    return visit.page("family/withdrawal.html", status, sheet=shown, said=said, state=state)


async def _read(visit: Visit, case: str) -> Sheet:
    answer = await visit.get(f"/v1/cases/{case}/family-sheet")
    return sheet_of(answer, await visit.agency_names(), visit.parts.clock())
