"""What the family said about sharing; taking it back; who must not be told."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, filled, form_at
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.asking import (
    BUNDLE_WORDS,
    BY_THEMSELVES,
    CAPACITIES,
    EVIDENCE,
    SINGLY,
    field_of,
    word_of,
)
from clients.practitioner.presenters.permissions import (
    Permission,
    colleagues_of,
    exclusions_of,
    people_of,
    permissions_of,
    still_seen,
    taken_back_sentence,
)
from clients.practitioner.presenters.services import services_of
from clients.practitioner.visit import Form, SignedIn, Visit
from shared.everyday import BUNDLES
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed, Role

router = APIRouter(prefix="/cases/{case}")
STILL_SEEN_BELOW = "what they can still see, and why, is listed below"


@router.get("/permissions")
async def permissions(case: Id, visit: SignedIn) -> Response:
    shown, _, notice, may = await _shown(visit, case)
    return visit.page("permissions.html", case=case, permissions=shown, notice=notice, may=may)


@form_at(router, "/permissions/{consent}/withdrawal")
async def taking_back(visit: SignedIn, case: Id, consent: Id) -> FormPage:
    return FormPage(
        show=partial(_withdrawal_page, visit, case, consent),
        path=f"/v1/cases/{case}/consents/{consent}/withdrawal",
        content=lambda form: filled(withdrawn_by=form["withdrawn_by"], note=form["note"]),
        then=f"/cases/{case}/permissions/{consent}/withdrawn",
    )


@router.get("/permissions/{consent}/withdrawn")
async def withdrawn(case: Id, consent: Id, visit: SignedIn) -> Response:
    """That it is done, and what can still be seen and why: for those who may know the latter."""
    answer = await visit.whole(f"/v1/cases/{case}/consents", "consents")
    found = next((one for one in answer["consents"] if one["id"] == consent), None)
    if found is None or found["withdrawn_at"] is None:
        raise not_found()
    names = await visit.agency_names()
    others = permissions_of(answer, {}, names, visit.parts.clock())
    permission = next(one for one in others if one.id == consent)
    seen, sentence = None, None
    if permission.what:
        sentence = taken_back_sentence(permission.withdrawn_at or "", permission, others, STILL_SEEN_BELOW)
    if found["answer"] == "given":
        seen = await _still_seen(visit, case, found, names)
    return visit.page("withdrawn.html", case=case, permission=permission, seen=seen, sentence=sentence)


async def _still_seen(
    visit: Visit, case: str, consent: Mapping[str, Any], names: Mapping[str, str]
) -> Sequence[Any] | None:
    """None where whoever is signed in may not ask who can see this case."""
    recipients = consent.get("recipients") or list(names)
    try:
        answer = await visit.get(f"/v1/cases/{case}/who-can-see", person=consent["subject"])
    except Refused as refused:
        if refused.status != 403:
            raise
        return None
    return still_seen(answer, consent["subject"], recipients, names)


async def _shown(visit: Visit, case: str) -> tuple[list[Permission], Mapping[str, str], str, Sequence[str]]:
    """What was said, the people of the case by id, the notice, and what may be done."""
    answer = await visit.whole(f"/v1/cases/{case}/consents", "consents")
    view = await visit.get(f"/v1/cases/{case}")
    people, names, may = people_of(view), await visit.agency_names(), view["may"]
    now, own = visit.parts.clock(), visit.acting.agency
    shown = permissions_of(answer, people, names, now, may=may, own_agency=own)
    return shown, people, answer["notice"], may


async def _withdrawal_page(visit: Visit, case: str, consent: str, state: FormState, status: int) -> Response:
    shown, people, _, _ = await _shown(visit, case)
    permission = next((one for one in shown if one.id == consent and one.can_be_taken_back), None)
    if permission is None:
        raise not_found()
    return visit.page("withdrawal.html", status, case=case, permission=permission, people=people, state=state)


@router.get("/exclusions")
async def exclusions(case: Id, visit: SignedIn) -> Response:
    """Who must not be told what."""
    answer = await visit.whole(f"/v1/cases/{case}/exclusions", "exclusions")
    view = await visit.get(f"/v1/cases/{case}")
    shown = exclusions_of(answer, people_of(view), colleagues_of(view), await visit.agency_names())
    return visit.page(
        "exclusions.html", case=case, exclusions=shown, may=view["may"], notice=answer["notice"]
    )


@form_at(router, "/exclusions/new")
async def excluding(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_exclusion_page, visit, case),
        path=f"/v1/cases/{case}/exclusions",
        content=exclusion_of,
        then=f"/cases/{case}/exclusions",
        fields=_field_of_exclusion,
    )


def exclusion_of(form: Form) -> dict[str, Any]:
    """Who must not be told what, in the API's words."""
    said = word_of(form, agrees=False)
    spoken = ("subject", "giver", "capacity", "competence")
    return {
        **{name: value for name, value in said.items() if name in spoken},
        "agencies": form.all("agencies"),
        "categories": _categories(form),
        **filled(note=form["note"]),
    }


def _field_of_exclusion(name: str) -> str:
    return {"categories": "things", "body": ""}.get(name) or field_of(name)


def _categories(form: Form) -> list[str]:
    ticked = form.all("things")
    everyday = [category for bundle, held in BUNDLES.items() if bundle in ticked for category in held]
    return [*everyday, *(category for category in SINGLY if category in ticked)]


async def _exclusion_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.RECORD_EXCLUSION not in view["may"]:
        raise not_found()
    names = await visit.agency_names()
    team = [member["agency"] for member in view["header"]["team"]]
    things = [(bundle.value, words) for bundle, words in BUNDLE_WORDS.items()]
    people = list(people_of(view).items())
    return visit.page(
        "exclusion.html",
        status,
        case=case,
        state=state,
        people=people,
        givers=[one for one in people if _may_be_named(visit, one[0])],
        capacities=[one for one in CAPACITIES if one[0] in BY_THEMSELVES],
        things=[*things, *((category.value, category.value) for category in SINGLY)],
        services=services_of(names, team, state.form.all("agencies"), state["search"]),
        search=state["search"],
    )


def _may_be_named(visit: Visit, person: str) -> bool:
    """Whether whoever is signed in may say that this person said it: the family speaks for themselves."""
    return visit.acting.role != Role.FAMILY_MEMBER or person == visit.session.kept["me"]["person"]


@form_at(router, "/exclusions/{exclusion}/lifting")
async def lifting(visit: SignedIn, case: Id, exclusion: Id) -> FormPage:
    return FormPage(
        show=partial(_lifting_page, visit, case, exclusion),
        path=f"/v1/cases/{case}/exclusions/{exclusion}/lifting",
        content=_lifting_of,
        then=f"/cases/{case}/exclusions",
        fields=field_of,
    )


def _lifting_of(form: Form) -> dict[str, Any]:
    evidence = filled(form=form["evidence"], reference=form["reference"])
    return filled(lifted_by=form["lifted_by"]) | {"evidence": evidence}


async def _lifting_page(visit: Visit, case: str, exclusion: str, state: FormState, status: int) -> Response:
    answer = await visit.whole(f"/v1/cases/{case}/exclusions", "exclusions")
    view = await visit.get(f"/v1/cases/{case}")
    shown = exclusions_of(answer, people_of(view), colleagues_of(view), await visit.agency_names())
    found = next((one for one in shown if one.id == exclusion and one.lifted_at is None), None)
    if found is None or Deed.LIFT_EXCLUSION not in view["may"]:
        raise not_found()
    return visit.page("lifting.html", status, case=case, exclusion=found, evidence=EVIDENCE, state=state)
