"""Who may answer for whom: parental responsibility, powers of attorney, deputies, orders of a court and the
council; recorded once by whoever saw the document, and ended."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import (
    FormPage,
    FormState,
    date_of,
    filled,
    form_at,
    midnight_of,
)
from clients.practitioner.presenters.authorities import (
    KINDS,
    Authority,
    authorities_of,
    responsibilities_of,
)
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.services import choice_of, on_team
from clients.practitioner.visit import Form, SignedIn, Visit
from clients.practitioner.words import CATEGORIES
from shared.clock import rfc3339
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}/authorities")


@router.get("")
async def authorities(case: Id, visit: SignedIn) -> Response:
    view, listed = await _listed(visit, case)
    return visit.page(
        "authorities/list.html",
        case=case,
        authorities=listed,
        responsibilities=responsibilities_of(view, people_of(view)),
        may=view["may"],
        notice=view["notice"],
    )


async def _listed(visit: Visit, case: str) -> tuple[Any, list[Authority]]:
    view = await visit.get(f"/v1/cases/{case}")
    answer = await visit.whole(f"/v1/cases/{case}/authorities", "authorities")
    now = rfc3339(visit.parts.clock())
    return view, authorities_of(answer, people_of(view), await visit.agency_names(), now)


@form_at(router, "/new")
async def recording(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_new_page, visit, case),
        path=f"/v1/cases/{case}/authorities",
        content=authority_of,
        then=f"/cases/{case}/authorities",
        fields={"holder_agency": "holder_agency", "subject.0": "subject", "body": "kind", "effect": "kind"},
    )


def authority_of(form: Form) -> dict[str, Any]:
    """The authority in the API's words. The council is chosen among services, everybody else among the people
    of the case; what was not filled in is left for the API to ask for."""
    council = form["kind"] == "local_authority"
    return filled(
        kind=form["kind"].removesuffix("_takes_away"),
        effect="takes_away" if form["kind"].endswith("_takes_away") else None,
        subject=form["subject"],
        holder=None if council else form["holder"],
        holder_agency=form["holder_agency"] if council else None,
        document=form["document"],
        verified_by=form["verified_by"],
        note=form["note"],
        covers=list(CATEGORIES) if "everything" in form.all("covers") else form.all("covers"),
        valid_from=midnight_of(date_of(form, "valid_from")),
        valid_until=midnight_of(date_of(form, "valid_until")),
    )


async def _new_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.RECORD_AUTHORITY not in view["may"]:
        raise not_found()
    names = await visit.agency_names()
    return visit.page(
        "authorities/new.html",
        status,
        case=case,
        state=state,
        kinds=list(KINDS.items()),
        people=list(people_of(view).items()),
        agencies=choice_of(names, state.form, "holder_agency", first=on_team(view)),
        covers=[("everything", "Everything"), *CATEGORIES.items()],
    )


@form_at(router, "/{authority}/ending")
async def ending(visit: SignedIn, case: Id, authority: Id) -> FormPage:
    return FormPage(
        show=partial(_ending_page, visit, case, authority),
        path=f"/v1/cases/{case}/authorities/{authority}/ending",
        content=lambda form: {"reason": form["reason"], **filled(reference=form["reference"])},
        then=f"/cases/{case}/authorities",
    )


async def _ending_page(visit: Visit, case: str, authority: str, state: FormState, status: int) -> Response:
    _, listed = await _listed(visit, case)
    found = next((one for one in listed if one.id == authority and one.may_end), None)
    if found is None:
        raise not_found()
    return visit.page("authorities/ending.html", status, case=case, authority=found, state=state)
