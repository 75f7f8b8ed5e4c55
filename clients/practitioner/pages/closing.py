"""Closing a case, with what becomes of what was promised; and opening it again."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import (
    FormPage,
    FormState,
    Question,
    answer_question,
    filled,
    open_page,
    opened,
    question_page,
    send_page,
)
from clients.practitioner.presenters.closing import REASONS, closing_page_of, may_reopen
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}")
BECOMES = "becomes-"
"""What the field of a promise begins with; its id follows, so that what was typed stays beside it."""


@router.get("/closure")
async def what_becomes(case: Id, visit: SignedIn) -> Response:
    return await open_page(visit, _closing(visit, case, Form(())))


@router.post("/closure")
async def close(case: Id, visit: SignedIn, form: SentForm) -> Response:
    return await send_page(visit, form, _closing(visit, case, form))


def _closing(visit: Visit, case: str, form: Form) -> FormPage:
    asked = _asked(form)

    def field(name: str) -> str:
        """The API tells promises by their number. That one is no longer open stands beside none."""
        parts = name.split(".")
        is_of_one = parts[0] == "promises" and len(parts) > 1
        return (f"{BECOMES}{asked[int(parts[1])]}" if parts[-1] == "because" else "") if is_of_one else name

    return FormPage(
        show=partial(_closing_page, visit, case),
        path=f"/v1/cases/{case}/closure",
        content=closure_of,
        then=f"/cases/{case}",
        fields=field,
    )


def closure_of(form: Form) -> dict[str, Any]:
    """The closure in the API's words, with every promise of which the form asked what becomes of it."""
    promises = [{"promise": one, "because": form[f"{BECOMES}{one}"]} for one in _asked(form)]
    said = filled(reason=form["reason"], note=form["note"], watched_over_by=form["watched_over_by"])
    return {**said, "promises": promises}


def _asked(form: Form) -> list[str]:
    return [name.removeprefix(BECOMES) for name, _ in form.fields if name.startswith(BECOMES)]


async def _closing_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    page = closing_page_of(await visit.get(f"/v1/cases/{case}"), await visit.agency_names())
    if not page.may_close and status == 200:
        raise not_found()
    return visit.page(
        "closing/closure.html", status, case=case, state=state, closing=page, reasons=REASONS, becomes=BECOMES
    )


@router.get("/reopening")
async def why_again(case: Id, visit: SignedIn) -> Response:
    if not may_reopen(await visit.get(f"/v1/cases/{case}")):
        raise not_found()
    return question_page(visit, _reopening(case), await opened(visit))


@router.post("/reopening")
async def reopen(case: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/reopening"
    return await answer_question(visit, form, _reopening(case), path, then=f"/cases/{case}")


def _reopening(case: str) -> Question:
    return Question(
        address=f"/cases/{case}/reopening",
        heading="Open this case again",
        intro="The team is as it was. What was promised before has ended: agree anew what is needed.",
        label="Why?",
        button="Open it again",
        back=("The case", f"/cases/{case}"),
    )
