"""The family: whom a case is about, adding somebody, and what they are to each other."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, filled, form_at, opened
from clients.practitioner.gateway_client import Refused
from clients.practitioner.pages.find import asked
from clients.practitioner.pages.people import QUESTIONS_OF_PERSON, details_of, mistakes_in_person
from clients.practitioner.presenters.questions import in_plain_words
from clients.practitioner.presenters.relatives import (
    RELATIONS,
    SOURCES,
    Relatives,
    fitting,
    relatives_of,
)
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}/family")
SOMEBODY_NEW = "new"


@router.get("")
async def family(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    return visit.page("relatives/list.html", case=case, family=relatives_of(view), notice=view["notice"])


async def _family(visit: Visit, case: str) -> Relatives:
    """The people of the case, for whoever may add to them; the 404 for others."""
    found = relatives_of(await visit.get(f"/v1/cases/{case}"))
    if not found.may_add:
        raise not_found()
    return found


@router.get("/new")
async def whom(case: Id, visit: SignedIn) -> Response:
    await _family(visit, case)
    return _person_page(visit, case, await opened(visit), 200)


@router.post("/new")
async def add(case: Id, visit: SignedIn, form: SentForm) -> Response:
    """Add somebody to the case. Whoever fits what was typed and is recorded already is offered first: one
    person is one record."""
    mistakes = mistakes_in_person(form)
    if mistakes:
        return _person_page(visit, case, FormState(form, mistakes), 422)
    known = [] if form["is_it"] else await _who_fits(visit, form)
    if known:
        return _person_page(visit, case, FormState(form), 200, known)
    try:
        added = await visit.send("POST", f"/v1/cases/{case}/subjects", _subject_of(form), once=form.once)
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        found = in_plain_words(
            refused.problem.get("errors", ()), QUESTIONS_OF_PERSON, lambda field: field.rpartition(".")[2]
        )
        mistakes = found or {"": refused.problem["detail"]}
        return _person_page(visit, case, FormState(form, mistakes), 422)
    return see_other(f"/cases/{case}/family/{added['person']}/relation")


async def _who_fits(visit: Visit, form: Form) -> list[tuple[str, str]]:
    """Nobody where what was typed is too little to look for, or is looked for wrongly."""
    name = " ".join(filter(None, (form["given_names"], form["family_name"])))
    looked_for = asked(Form((*form.fields, ("name", form["full_name_as_written"] or name))))
    if len(looked_for) < 2:
        return []
    try:
        answer = await visit.ask("/v1/people/search", looked_for)
    except Refused as refused:
        if refused.status == 422:
            return []
        raise
    return fitting(answer["people"])


def _subject_of(form: Form) -> dict[str, Any]:
    """Whoever was chosen, or is recorded now."""
    chosen = form["is_it"]
    return {"details": details_of(form)} if chosen in ("", SOMEBODY_NEW) else {"person": chosen}


def _person_page(
    visit: Visit, case: str, state: FormState, status: int, known: list[tuple[str, str]] | None = None
) -> Response:
    return visit.page(
        "relatives/new.html",
        status,
        case=case,
        state=state,
        questions=QUESTIONS_OF_PERSON,
        known=[*known, (SOMEBODY_NEW, "No, it is somebody else")] if known else [],
    )


@form_at(router, "/{person}/relation")
async def relating(visit: SignedIn, case: Id, person: Id) -> FormPage:
    """What somebody is to another of the family, and whether they answer for them."""
    return FormPage(
        show=partial(_relation_page, visit, case, person),
        path=f"/v1/people/{person}/relationships",
        content=partial(relation_of, person=person),
        then=f"/cases/{case}/family",
        fields={"body": "relation", "to_person": "other", "parental_responsibility_source": "source"},
    )


def relation_of(form: Form, person: str) -> dict[str, Any]:
    """The relationship in the API's words."""
    answered = {"yes": True, "no": False}
    responsible = answered.get(form["parental_responsibility"])
    return {
        "from_person": person,
        **filled(to_person=form["other"], relation=form["relation"]),
        **filled(parental_responsibility_source=form["source"] if responsible else None),
        **{
            name: answered[form[name]]
            for name in ("parental_responsibility", "lives_with")
            if form[name] in answered
        },
    }


async def _relation_page(visit: Visit, case: str, person: str, state: FormState, status: int) -> Response:
    family = await _family(visit, case)
    others = family.others_than(person)
    if not others:
        raise not_found()
    return visit.page(
        "relatives/relation.html",
        status,
        case=case,
        state=state,
        person=person,
        name=next((one.name for one in family.people if one.id == person), "this person"),
        others=others,
        relations=RELATIONS,
        sources=SOURCES,
    )
