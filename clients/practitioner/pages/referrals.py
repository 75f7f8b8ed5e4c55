"""Referrals: asking another service to help, and answering what one's own is asked."""

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
    submit,
)
from clients.practitioner.pages.plan import REVEALS
from clients.practitioner.presenters.contacts import asked_of_us, referrals_of
from clients.practitioner.presenters.services import choice_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other, stands_on
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter()
ON_CASE = "/cases/{case}/referrals"


@router.get(ON_CASE)
async def referrals(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    answer = await visit.whole(f"/v1/cases/{case}/referrals", "entries")
    names = await visit.agency_names()
    shown = referrals_of(answer["entries"], names, view["may"], visit.acting.agency)
    return visit.page(
        "referrals/referrals.html",
        case=case,
        referrals=shown,
        may_ask=Deed.REFER in view["may"] and view["header"]["state"] == "open",
        notice=answer["notice"],
        state=FormState(),
    )


@form_at(router, f"{ON_CASE}/new")
async def asking(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_asking_page, visit, case),
        path=f"/v1/cases/{case}/referrals",
        content=_referral_of,
        then=f"/cases/{case}/referrals",
        fields=_field,
    )


def _referral_of(form: Form) -> dict[str, Any]:
    return filled(
        agency=form["agency"],
        service=form["service"],
        reason=form["reason"],
        answer_by=date_of(form, "answer_by"),
        attention_of=filled(user=form["user"], name=form["name"]) or None,
        categories=form.all("categories"),
    )


def _field(name: str) -> str:
    """The API's ``attention_of.user`` is *user* on the form."""
    return name.removeprefix("attention_of.").partition(".")[0]


async def _asking_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.REFER not in view["may"]:
        raise not_found()
    names = await visit.agency_names()
    agencies = choice_of(names, state.form, "agency", without=("family", visit.acting.agency))
    return visit.page(
        "referrals/asking.html", status, case=case, state=state, agencies=agencies, reveals=REVEALS
    )


@router.post(f"{ON_CASE}/{{referral}}/withdrawal", dependencies=[stands_on(ON_CASE)])
async def take_back(case: Id, referral: Id, visit: SignedIn, form: SentForm) -> Response:
    await visit.send("POST", f"/v1/cases/{case}/referrals/{referral}/withdrawal", None, once=form.once)
    return see_other(f"/cases/{case}/referrals")


@router.get("/referrals")
async def asked(visit: SignedIn, cursor: str | None = None) -> Response:
    """What one's own service is asked and has not answered."""
    answer = await visit.get("/v1/referrals", cursor=cursor)
    shown = asked_of_us(answer, await visit.agency_names())
    return visit.page(
        "referrals/asked.html", referrals=shown, cursor=answer["cursor"], notice=answer["notice"],
        state=FormState(),
    )  # fmt: skip


@form_at(router, "/referrals/{referral}/take-up")
async def taking_up(visit: SignedIn, referral: Id) -> FormPage:
    """Say who looks at it: until it is answered they can read the case for that. Most often it is whoever
    reads this."""
    return FormPage(
        begins=Form((("user", visit.session.user or ""), ("name", visit.session.kept["me"]["name"]))),
        show=partial(_taking_up_page, visit, referral),
        path=f"/v1/referrals/{referral}/take-up",
        content=lambda form: filled(user=form["user"], name=form["name"]),
        then="/referrals",
    )


async def _taking_up_page(visit: Visit, referral: str, state: FormState, status: int) -> Response:
    return visit.page("referrals/taking_up.html", status, referral=referral, state=state)


@router.get("/referrals/{referral}/acceptance")
async def we_will(referral: Id, visit: SignedIn) -> Response:
    return question_page(visit, _accepting(referral), await opened(visit))


@router.post("/referrals/{referral}/acceptance")
async def accept(referral: Id, visit: SignedIn, form: SentForm) -> Response:
    async def again(state: FormState, status: int) -> Response:
        return question_page(visit, _accepting(referral), state, status)

    path, content = f"/v1/referrals/{referral}/acceptance", filled(note=form["note"])
    return await submit(visit, form, path, content, then="/referrals", again=again)


@router.get("/referrals/{referral}/refusal")
async def we_will_not(referral: Id, visit: SignedIn) -> Response:
    return question_page(visit, _refusing(referral), await opened(visit))


@router.post("/referrals/{referral}/refusal")
async def refuse(referral: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/referrals/{referral}/refusal"
    return await answer_question(visit, form, _refusing(referral), path, then="/referrals")


def _accepting(referral: str) -> Question:
    return Question(
        address=f"/referrals/{referral}/acceptance",
        heading="Say that your service will help",
        name="note",
        label="What happens next? (optional)",
        hint="For example, first appointment on Tuesday",
        button="We will help",
        back=("What your service is asked", "/referrals"),
    )


def _refusing(referral: str) -> Question:
    return Question(
        address=f"/referrals/{referral}/refusal",
        heading="Say that your service will not help",
        label="Why not?",
        hint="Whoever asks next reads this, so that the family is not sent round in a circle.",
        button="We will not help",
        back=("What your service is asked", "/referrals"),
    )
