"""Adding somebody who is not recorded yet, and opening a case around somebody."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, opened
from clients.practitioner.gateway_client import Refused
from clients.practitioner.navigation import may_do_casework
from clients.practitioner.presenters.questions import (
    Question,
    answers_to,
    day_typed,
    in_plain_words,
    mistakes_in,
)
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/people")
QUESTIONS_OF_PERSON = [
    Question("given_names", "First names", hint="In any script. One name is enough."),
    Question("family_name", "Family name, if they have one"),
    Question(
        "full_name_as_written",
        "Whole name, if it is written otherwise (optional)",
        hint="For example, in its own script",
    ),
    Question("date_of_birth", "Date of birth", "day"),
    Question("expected_date_of_delivery", "For an unborn child: the day on which it is expected", "day"),
    Question("nhs_number", "NHS number (optional)", hint="Ten digits, such as 999 000 0018"),
    Question("upn", "Unique pupil number (optional)", hint="One letter and twelve digits"),
    Question("address", "Address (optional)", "text"),
    Question("telephone", "Telephone (optional)"),
    Question(
        "safe_way_to_make_contact",
        "How is it safe to make contact? (optional)",
        hint="For example, ring after four; write to nobody",
    ),
]
_KINDS = {
    "name": ("given_names", "family_name", "full_name_as_written"),
    "birth": ("date_of_birth", "expected_date_of_delivery"),
    "identifiers": ("nhs_number", "upn"),
    "contact": ("address", "telephone", "safe_way_to_make_contact"),
}
_CASE = [
    Question("reason", "Why is a case opened?", "text", "Who asked for help, and with what."),
    Question(
        "job_title",
        "What are you, for the family to read on the list of their team?",
        hint="For example, school nurse",
    ),
    Question("telephone", "On which number do they reach you? (optional)"),
    Question("review_on", "When do you look at it again? (optional)", "day"),
]


@router.get("/new")
async def person_form(visit: SignedIn) -> Response:
    return _person_page(visit, await opened(visit))


@router.post("/new")
async def add_person(visit: SignedIn, form: SentForm) -> Response:
    mistakes = mistakes_in_person(form)
    if not mistakes:
        try:
            made = await visit.send("POST", "/v1/people", {"details": details_of(form)}, once=form.once)
        except Refused as refused:
            mistakes = _mistakes_of(refused, QUESTIONS_OF_PERSON)
        else:
            return see_other(f"/people/{made['id']}/case")
    return _person_page(visit, FormState(form, mistakes), 422)


def mistakes_in_person(form: Form) -> dict[str, str]:
    """What is wrong with the details of a person before they are sent."""
    mistakes = mistakes_in(form, QUESTIONS_OF_PERSON)
    if mistakes:
        return mistakes
    born, expected = day_typed(form, "date_of_birth"), day_typed(form, "expected_date_of_delivery")
    if born and expected:
        return {"date_of_birth": "Write one of the two days: when they were born, or when they are expected."}
    if not (born or expected or any(form[name] for name in _KINDS["name"])):
        return {"given_names": "Write a name, or when they were born or are expected."}
    return {}


def details_of(form: Form) -> list[dict[str, Any]]:
    """What was filled in, as the details of a person in the API's words."""
    content = answers_to(QUESTIONS_OF_PERSON, form)
    details = [
        {"kind": kind, "fields": {name: content[name] for name in names if name in content}}
        for kind, names in _KINDS.items()
    ]
    return [detail for detail in details if detail["fields"]]


@router.get("/{person}/case")
async def case_form(person: Id, visit: SignedIn) -> Response:
    return _case_page(visit, person, await opened(visit))


@router.post("/{person}/case")
async def open_case(person: Id, visit: SignedIn, form: SentForm) -> Response:
    """Open a case; whoever opens it is the first of its team, and an assessment comes next."""
    mistakes = mistakes_in(form, _CASE)
    if not mistakes:
        content = answers_to(_CASE, form)
        post = {name: content.pop(name) for name in ("job_title", "telephone") if name in content}
        try:
            made = await visit.send(
                "POST", "/v1/cases", {**content, "person": person, "opener": post}, once=form.once
            )
        except Refused as refused:
            mistakes = _mistakes_of(refused, _CASE)
        else:
            return see_other(f"/cases/{made['id']}/assessments/new")
    return _case_page(visit, person, FormState(form, mistakes), 422)


def _mistakes_of(refused: Refused, questions: Sequence[Question]) -> dict[str, str]:
    """The mistakes that a refusal names; the API names a field by the whole way to it."""
    if refused.status not in (409, 422):
        raise refused
    found = in_plain_words(
        refused.problem.get("errors", ()), questions, lambda field: field.rpartition(".")[2]
    )
    return found or {"": refused.problem["detail"]}


def _person_page(visit: Visit, state: FormState, status: int = 200) -> Response:
    return _page(
        visit, state, QUESTIONS_OF_PERSON, status, title="Add a person",
        back=("/people/find", "Find a person"),
        help="Look for them first: nobody should have to tell their story twice.",
        address="/people/new", button="Save and go on",
    )  # fmt: skip


def _case_page(visit: Visit, person: str, state: FormState, status: int = 200) -> Response:
    return _page(
        visit, state, _CASE, status, title="Open a case", back=("/people/find", "Find a person"),
        help="You are the first of the team. No other service joins before the family agrees to take part.",
        address=f"/people/{person}/case", button="Open the case",
    )  # fmt: skip


def _page(
    visit: Visit, state: FormState, questions: Sequence[Question], status: int, **what: Any
) -> Response:
    if not may_do_casework(visit.acting.role):
        raise not_found()
    shown = {"etag": "", "missing": (), "differs": (), "keep_theirs": "", **what}
    return visit.page("questions.html", status, state=state, questions=questions, **shown)
