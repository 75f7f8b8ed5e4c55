"""Seeing as another: what another service would see of a case, before anything is shared with it."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState
from clients.practitioner.presenters.asking import DRAFT, supposed_of
from clients.practitioner.presenters.case import case_page_of
from clients.practitioner.presenters.seen_by import PLACES, everything_of, place_of
from clients.practitioner.presenters.services import services_of
from clients.practitioner.visit import Form, SignedIn, Visit, draft_of
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}/seen-by")


@router.get("")
async def choose(case: Id, visit: SignedIn) -> Response:
    """Whose eyes to look with; those who are on the team stand first."""
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.SEE_AS_AGENCY not in view["may"]:
        raise not_found()
    form = Form(tuple(visit.request.query_params.multi_items()))
    team = [member["agency"] for member in view["header"]["team"]]
    services = services_of(await visit.agency_names(), team, (), form["search"])
    state = FormState(form)
    return visit.page(
        "seen_by/choose.html", case=case, services=services, state=state, search=form["search"],
        from_permission=_comes_from_permission(form), is_supposed=bool(await _supposed(visit, case, form)),
    )  # fmt: skip


async def _supposed(visit: Visit, case: str, form: Form) -> list[dict[str, Any]]:
    """What the family is about to say, for whoever looks while they ask; nothing for everybody else."""
    return supposed_of(await draft_of(visit, DRAFT.format(case=case))) if _comes_from_permission(form) else []


def _comes_from_permission(form: Form) -> bool:
    """Whether somebody looks while they ask for a permission, and goes back to what they read back."""
    return form["from"] == "permission"


@router.get("/view")
async def look(case: Id, visit: SignedIn) -> Response:
    """The case as somebody of that service would see it on the team; the address names whom to look as."""
    form = Form(tuple(visit.request.query_params.multi_items()))
    agency, role = form["agency"], place_of(form["role"])
    names = await visit.agency_names()
    if agency not in names:
        raise not_found()
    supposed = await _supposed(visit, case, form)
    path = f"/v1/cases/{case}/seen-by/{agency}"
    if supposed:
        view = await visit.ask(path, {"role": role, "changes": supposed})
    else:
        view = await visit.get(path, role=role)
    domains = await visit.parts.instruments.domains(visit.get)
    return visit.page(
        "seen_by/view.html",
        case_id=case,
        agency=agency,
        from_permission=_comes_from_permission(form),
        is_supposed=bool(supposed),
        service=view["agency_name"],
        role=role,
        places=PLACES,
        case=None if view["header"] is None else case_page_of(view, names, visit.today, domains),
        everything=everything_of(view, names),
        notice=view["notice"],
        not_available=[line["ask"] for line in view["not_available"]],
    )
