"""What to know before a visit, and which service is worried and whom to ring."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import (
    FormPage,
    FormState,
    Question,
    answer_question,
    date_of,
    filled,
    form_at,
    opened,
    question_page,
)
from clients.practitioner.pages.plan import REVEALS
from clients.practitioner.presenters.flags import LEVELS, flags_of
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}/flags")


@router.get("")
async def flags(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    shown = flags_of(view, await visit.agency_names(), visit.acting.agency, visit.today.isoformat())
    return visit.page("flags/list.html", case=case, flags=shown, notice=view["notice"])


@form_at(router, "/visits/new")
async def warning_visitors(visit: SignedIn, case: Id) -> FormPage:
    return _flagging(visit, case, "flags/visit.html", "staff_safety_note", ("instruction",))


@form_at(router, "/worries/new")
async def worrying(visit: SignedIn, case: Id) -> FormPage:
    names = ("level", "message", "call_name", "call_telephone")
    return _flagging(visit, case, "flags/worry.html", "concern_flag", names)


def _flagging(visit: Visit, case: str, template: str, kind: str, names: tuple[str, ...]) -> FormPage:
    def content(form: Form) -> dict[str, Any]:
        return {
            "kind": kind,
            **filled(
                **{name: form[name] for name in names},
                expires_on=date_of(form, "expires_on"),
                categories=form.all("categories"),
                subjects=form.all("subjects"),
            ),
        }

    return FormPage(
        show=partial(_page, visit, case, template),
        path=f"/v1/cases/{case}/flags",
        content=content,
        then=f"/cases/{case}/flags",
    )


async def _page(visit: Visit, case: str, template: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.CONTRIBUTE not in view["may"]:
        raise not_found()
    people = list(people_of(view).items())
    return visit.page(template, status, case=case, state=state, people=people, levels=LEVELS, reveals=REVEALS)


@router.get("/{flag}/ending")
async def why(case: Id, flag: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    shown = flags_of(view, await visit.agency_names(), visit.acting.agency, visit.today.isoformat())
    if not any(one.id == flag and one.may_end for one in (*shown.visits, *shown.worries, *shown.ended)):
        raise not_found()
    return question_page(visit, _ending(case, flag), await opened(visit))


@router.post("/{flag}/ending")
async def end(case: Id, flag: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/flags/{flag}/ending"
    return await answer_question(visit, form, _ending(case, flag), path, then=f"/cases/{case}/flags")


def _ending(case: str, flag: str) -> Question:
    return Question(
        address=f"/cases/{case}/flags/{flag}/ending",
        heading="This is over",
        label="Why?",
        hint="For example, they are safe with an aunt",
        button="It is over",
        back=("Visits and worries", f"/cases/{case}/flags"),
    )
