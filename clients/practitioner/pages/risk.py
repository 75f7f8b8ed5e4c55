"""Whether anyone is at risk, once a family takes part no longer: for whoever is in charge."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, filled, form_at
from clients.practitioner.presenters.risk import questions_of
from clients.practitioner.visit import Form, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}/risk")


@router.get("")
async def questions(case: Id, visit: SignedIn) -> Response:
    answer = await visit.get(f"/v1/cases/{case}/taking-part")
    return visit.page(
        "risk/list.html", case=case, questions=questions_of(answer), ended=answer["ended"],
        notice=answer["notice"],
    )  # fmt: skip


@form_at(router, "/{question}")
async def answering(visit: SignedIn, case: Id, question: Id) -> FormPage:
    return FormPage(
        show=partial(_page, visit, case, question),
        path=f"/v1/cases/{case}/taking-part/{question}/risk-answer",
        content=_answer,
        then=f"/cases/{case}/risk",
    )


def _answer(form: Form) -> dict[str, Any]:
    at_risk = {"yes": True, "no": False}.get(form["somebody_at_risk"])
    return filled(somebody_at_risk=at_risk, considered=form["considered"])


async def _page(visit: Visit, case: str, question: str, state: FormState, status: int) -> Response:
    listed = questions_of(await visit.get(f"/v1/cases/{case}/taking-part"))
    found = next((one for one in listed if one.id == question and (one.said is None or state.errors)), None)
    if found is None:
        raise not_found()
    return visit.page("risk/answer.html", status, case=case, question=found, state=state)
