"""Giving somebody of the family a code for their own page."""

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, opened, sent
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.sessions import operations
from clients.practitioner.visit import SentForm, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}/family-code")
GIVEN = "family_code"
"""Where the session keeps a code between its making and the page that shows it once."""


@router.get("")
async def form(case: Id, visit: SignedIn) -> Response:
    return await _page(visit, case, await opened(visit))


@router.post("")
async def make(case: Id, visit: SignedIn, form: SentForm) -> Response:
    async def write() -> None:
        content = {"person": form["person"]}
        made = await visit.send("POST", f"/v1/cases/{case}/family-codes", content, once=form.once)
        visit.session.kept[GIVEN] = {"case": case, "code": made["code"], "until": made["good_until"]}
        await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)

    async def again(state: FormState) -> Response:
        return await _page(visit, case, state, 422)

    return await sent(form, write, then=f"/cases/{case}/family-code/given", again=again)


@router.get("/given")
async def given(case: Id, visit: SignedIn) -> Response:
    """The code, once: whoever comes back to this page makes a new one."""
    made = visit.session.kept.pop(GIVEN, None)
    if made is None or made["case"] != case:
        return await _page(visit, case, FormState())
    await visit.parts.store.write(operations.save, visit.parts.seal, visit.session)
    address = f"{visit.parts.settings.public_url}/family"
    return visit.page("family/given.html", case=case, made=made, address=address)


async def _page(visit: Visit, case: str, state: FormState, status: int = 200) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.GIVE_FAMILY_CODE not in view["may"]:
        raise not_found()
    return visit.page("family/give.html", status, case=case, people=people_of(view), state=state)
