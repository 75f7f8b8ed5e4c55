"""Where two who may both answer for a child say different things: for the lead and the information officers
of the agencies that are party, who decide it within five working days; and for the partnership's officer
where it has gone up to them, for whom nothing else of the case is there."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, filled, form_at
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.conflicts import Conflict, conflicts_of
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.visit import Form, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}/conflicts")


@router.get("")
async def conflicts(case: Id, visit: SignedIn) -> Response:
    listed, notice = await _listed(visit, case)
    return visit.page("conflicts/list.html", case=case, conflicts=listed, notice=notice)


@form_at(router, "/{conflict}")
async def deciding(visit: SignedIn, case: Id, conflict: Id) -> FormPage:
    return FormPage(
        show=partial(_page, visit, case, conflict),
        path=f"/v1/cases/{case}/conflicts/{conflict}/decision",
        content=_decision,
        then=f"/cases/{case}/conflicts",
    )


def _decision(form: Form) -> dict[str, Any]:
    return filled(upholds=form["upholds"], reason=form["reason"])


async def _page(visit: Visit, case: str, conflict: str, state: FormState, status: int) -> Response:
    listed, _ = await _listed(visit, case)
    found = next((one for one in listed if one.id == conflict and (one.may or state.errors)), None)
    if found is None:
        raise not_found()
    return visit.page("conflicts/decision.html", status, case=case, conflict=found, state=state)


async def _listed(visit: Visit, case: str) -> tuple[list[Conflict], str]:
    answer = await visit.whole(f"/v1/cases/{case}/conflicts", "conflicts")
    people = await _people(visit, case)
    return conflicts_of(answer, people, await visit.agency_names()), answer["notice"]


async def _people(visit: Visit, case: str) -> Mapping[str, str]:
    """Who is who in the case, as far as it is there for the reader."""
    try:
        return people_of(await visit.get(f"/v1/cases/{case}"))
    except Refused as refused:
        if refused.status != 404:
            raise
        return {}
