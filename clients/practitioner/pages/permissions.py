"""What the family said about sharing, and taking a permission back."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, opened, sent
from clients.practitioner.offers import may_record
from clients.practitioner.presenters.permissions import Permission, people_of, permissions_of
from clients.practitioner.visit import SentForm, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}/permissions")


@router.get("")
async def permissions(case: Id, visit: SignedIn) -> Response:
    shown, _, notice = await _shown(visit, case)
    return visit.page("permissions.html", case=case, permissions=shown, notice=notice)


@router.get("/{consent}/withdrawal")
async def take_back(case: Id, consent: Id, visit: SignedIn) -> Response:
    return await _withdrawal_page(visit, case, consent, await opened(visit))


@router.post("/{consent}/withdrawal")
async def withdraw(case: Id, consent: Id, visit: SignedIn, form: SentForm) -> Response:
    async def write() -> Any:
        typed = {name: form[name] for name in ("withdrawn_by", "note")}
        content = {name: value for name, value in typed.items() if value}
        path = f"/v1/cases/{case}/consents/{consent}/withdrawal"
        return await visit.send("POST", path, content, once=form.once)

    async def again(state: FormState) -> Response:
        return await _withdrawal_page(visit, case, consent, state, 422)

    return await sent(form, write, then=f"/cases/{case}/permissions", again=again)


async def _shown(visit: Visit, case: str) -> tuple[list[Permission], Mapping[str, str], str]:
    """What was said, the people of the case by id, and the notice."""
    answer = await visit.get(f"/v1/cases/{case}/consents")
    view = await visit.get(f"/v1/cases/{case}")
    people, records = people_of(view), may_record(view, visit.acting.role)
    shown = permissions_of(answer, people, await visit.agency_names(), records=records)
    return shown, people, answer["notice"]


async def _withdrawal_page(
    visit: Visit, case: str, consent: str, state: FormState, status: int = 200
) -> Response:
    shown, people, _ = await _shown(visit, case)
    permission = next((one for one in shown if one.id == consent and one.can_be_taken_back), None)
    if permission is None:
        raise not_found()
    return visit.page("withdrawal.html", status, case=case, permission=permission, people=people, state=state)
